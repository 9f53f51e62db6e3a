// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"lapwing/server/cmd/lapwingd/edge"
	"lapwing/server/cmd/lapwingd/relaying"
	"lapwing/server/collect"
	"lapwing/server/collect/ohttp"
)

func init() {
	roles = append(roles, openRelay)
	commands["gateway-key"] = gatewayKey
}

// openRelay opens the role that carries reports to a gateway, or none.
func openRelay(s *Settings, log *slog.Logger) (edge.Role, error) {
	c := s.Reports
	if !c.has("relay") {
		return nil, nil
	}
	if c.has("gateway") {
		return nil, errors.New("role: relay and gateway on one server would know both who sends a report and where it lies; two people have to run them")
	}
	relay, err := relaying.NewRelay(c.RelayTo, collect.NewLimits(c.PerHour, c.PerNetwork, time.Now))
	if err != nil {
		return nil, fmt.Errorf("relay-to: %w", err)
	}
	log.Info("relaying", "gateway", c.RelayTo)
	return relay, nil
}

// openGateway opens the role before a collector.
func openGateway(c ReportSettings, collector *collect.Collector, log *slog.Logger) (edge.Role, error) {
	text, err := os.ReadFile(c.GatewayKey)
	if err != nil {
		return nil, fmt.Errorf("gateway-key: %w; lapwingd gateway-key makes the file", err)
	}
	keys, err := parseGatewayKeys(text)
	if err != nil {
		return nil, fmt.Errorf("gateway-key: %w", err)
	}
	gateway, err := ohttp.NewGateway(keys)
	if err != nil {
		return nil, fmt.Errorf("gateway-key: %w", err)
	}
	log.Info("opening what a relay brings", "keys", len(keys))
	return relaying.NewGateway(gateway, collector), nil
}

// The file of a gateway's keys: this line, then «key <id> <base64 of 32 bytes>»
// for each, the newest last.
const gatewayTitle = "lapwing gateway keys v1\n"

func parseGatewayKeys(text []byte) (map[uint8][]byte, error) {
	rest, ok := bytes.CutPrefix(text, []byte(gatewayTitle))
	if !ok || len(text) > 1<<16 {
		return nil, fmt.Errorf("want %q at the beginning", gatewayTitle)
	}
	keys := map[uint8][]byte{}
	for line := range strings.Lines(string(rest)) {
		var id uint8
		var encoded string
		_, err := fmt.Sscanf(line, "key %d %s\n", &id, &encoded)
		secret, err2 := base64.StdEncoding.DecodeString(encoded)
		if err != nil || err2 != nil || len(secret) != 32 || keys[id] != nil {
			return nil, fmt.Errorf("line %d: want «key», a number that no other line has, and a secret; lapwingd gateway-key writes such lines", len(keys)+2)
		}
		keys[id] = secret
	}
	if len(keys) == 0 {
		return nil, errors.New("no key in it")
	}
	return keys, nil
}

// gatewayKey is «lapwingd gateway-key FILE»: it makes a key, adds it to the file
// and prints what a release has to say of it. The secret half never leaves the
// gateway.
func gatewayKey(args []string, out io.Writer) error {
	if len(args) != 1 {
		return errors.New("want a file: lapwingd gateway-key /var/lib/lapwingd/gateway.key")
	}
	text, err := os.ReadFile(args[0])
	if errors.Is(err, os.ErrNotExist) {
		text, err = []byte(gatewayTitle), nil
	}
	if err != nil {
		return err
	}
	id := uint8(1)
	if len(text) > len(gatewayTitle) {
		keys, err := parseGatewayKeys(text)
		if err != nil {
			return err
		}
		for keys[id] != nil {
			if id++; id == 0 {
				return errors.New("the file is full; take the oldest lines out")
			}
		}
	}
	secret := make([]byte, 32)
	rand.Read(secret) // never fails
	gateway, err := ohttp.NewGateway(map[uint8][]byte{id: secret})
	if err != nil {
		return err
	}
	text = fmt.Appendf(text, "key %d %s\n", id, base64.StdEncoding.EncodeToString(secret))
	aside := args[0] + ".new"
	if err := os.WriteFile(aside, text, 0o600); err != nil {
		return err
	}
	if err := os.Rename(aside, args[0]); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, base64.StdEncoding.EncodeToString(gateway.Config(id).Bytes()))
	return err
}
