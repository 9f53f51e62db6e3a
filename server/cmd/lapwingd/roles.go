// SPDX-License-Identifier: Apache-2.0

package main

import (
	"io"
	"log/slog"

	"lapwing/server/cmd/lapwingd/edge"
)

// roles are the duties that lapwingd can have besides handing out releases,
// each in a file of its own that adds itself here. A role that the settings
// switch off opens as nil.
var roles []func(*Settings, *slog.Logger) (edge.Role, error)

// commands are what lapwingd does once, instead of serving.
var commands = map[string]func(args []string, out io.Writer) error{"add-caller": addCaller}

func openRoles(s *Settings, log *slog.Logger) ([]edge.Role, error) {
	var open []edge.Role
	for _, f := range roles {
		r, err := f(s, log)
		if err != nil {
			return nil, err
		}
		if r != nil {
			open = append(open, r)
		}
	}
	return open, nil
}
