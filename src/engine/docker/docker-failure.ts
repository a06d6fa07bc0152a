import { ToolError } from "../../core/tool-error.ts";

/** What `docker` or Compose said when a call failed, as an error with its cure. `stderr` holds no secrets of ours. */
export function dockerFailure(stderr: string): ToolError {
  const last = stderr.trim().split("\n").at(-1) ?? "";
  if (/permission denied while trying to connect|dial unix .*: connect: permission denied/i.test(stderr)) {
    return new ToolError("DOCKER_FORBIDDEN", "This account may not use the Docker Engine: its socket refuses it.", {
      hint: "sudo usermod -aG docker $USER\nThen log in anew, or in this shell: newgrp docker",
    });
  }
  if (/Cannot connect to the Docker daemon|connection refused|no such file or directory.*docker\.sock/i.test(stderr)) {
    return new ToolError("DOCKER_NOT_RUNNING", `No Docker Engine answers: ${last}`, {
      hint: "sudo systemctl start docker\nOr without Docker: bulkhead up --engine native",
    });
  }
  return new ToolError("DOCKER_FAILED", last === "" ? "docker failed and did not say why." : last, {
    exitCode: 1,
    detail: { stderr: stderr.trim().split("\n").slice(-20) },
  });
}
