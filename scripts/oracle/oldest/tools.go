//go:build tools

// Names the command whose dependencies go.mod and go.sum pin; nothing is compiled of this.
package oldest

import _ "github.com/docker/compose/v2/cmd"
