// Answers many `docker compose config` calls in one process, with Compose's own command: a call costs milliseconds
// instead of the start of a process. One JSON request a line on stdin, one JSON answer a line on stdout.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/docker/cli/cli/command"
	"github.com/docker/compose/v5/cmd/compose"
	"github.com/sirupsen/logrus"
	"github.com/spf13/cobra"
)

type request struct {
	Directory   string            `json:"directory"`
	Arguments   []string          `json:"arguments"`
	Environment map[string]string `json:"environment"`
	Input       string            `json:"input"`
}

type answer struct {
	Output string `json:"output"`
	// Refused is empty when Compose accepted the project.
	Refused string `json:"refused"`
}

func main() {
	requests := json.NewDecoder(bufio.NewReader(os.Stdin))
	answers := json.NewEncoder(os.Stdout)
	input, err := os.CreateTemp("", "compose-oracle-*")
	if err != nil {
		fail(err)
	}
	_ = os.Remove(input.Name())
	os.Stdin = input
	logrus.SetOutput(io.Discard)
	for {
		var next request
		err := requests.Decode(&next)
		if err == io.EOF {
			return
		}
		if err != nil {
			fail(err)
		}
		if err := answers.Encode(call(next)); err != nil {
			fail(err)
		}
	}
}

func call(next request) (result answer) {
	defer func() {
		if problem := recover(); problem != nil {
			result = answer{Refused: fmt.Sprintf("panic: %v", problem)}
		}
	}()
	output, err := config(next)
	if err != nil {
		return answer{Refused: err.Error()}
	}
	return answer{Output: output}
}

// config does what the executable does after its start, in the directory and environment of the request.
func config(next request) (string, error) {
	if err := enter(next); err != nil {
		return "", err
	}
	var output bytes.Buffer
	cli, err := command.NewDockerCli(command.WithInputStream(os.Stdin), command.WithOutputStream(&output), command.WithErrorStream(io.Discard))
	if err != nil {
		return "", err
	}
	docker := &cobra.Command{Use: "docker", SilenceErrors: true, SilenceUsage: true, TraverseChildren: true}
	docker.AddCommand(compose.RootCommand(cli, &compose.BackendOptions{}))
	docker.SetArgs(append([]string{compose.PluginName}, next.Arguments...))
	err = docker.ExecuteContext(context.Background())
	return output.String(), err
}

func enter(next request) error {
	os.Clearenv()
	for key, value := range next.Environment {
		if err := os.Setenv(key, value); err != nil {
			return err
		}
	}
	if err := os.Chdir(next.Directory); err != nil {
		return err
	}
	if err := os.Stdin.Truncate(0); err != nil {
		return err
	}
	if _, err := os.Stdin.WriteAt([]byte(next.Input), 0); err != nil {
		return err
	}
	_, err := os.Stdin.Seek(0, io.SeekStart)
	return err
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
