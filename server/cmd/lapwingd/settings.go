// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Settings is what the operator decides.
type Settings struct {
	Listen, Admin       string
	Dir                 string
	TLSCert, TLSKey     string
	HeaderBytes         int
	ReadTimeout         time.Duration
	WriteTimeout        time.Duration
	IdleTimeout         time.Duration
	Connections         int
	PerClient, Requests int
	Drain               time.Duration
	ReloadInterval      time.Duration
	PinnedBytes         int64
	CacheBytes          int64
	LogLevel            string
	Score               ScoreSettings
	Reports             ReportSettings
}

// A setting is one line of the configuration file and one flag. The three
// sentences are printed by --help and stand in OPERATING.md; a test compares.
type setting struct {
	name     string
	standard string // the default, as it would be written
	meaning  string
	lost     string // what happens if the value is lost or wrong
	attacked string // what somebody gains who can set it
	set      func(string) error
}

// settings lists all of them, and says where each goes.
func settings(s *Settings) []setting {
	return slices.Concat(siteSettings(s), scoreSettings(&s.Score), reportSettings(&s.Reports))
}

func siteSettings(s *Settings) []setting {
	return []setting{
		{"listen", "127.0.0.1:8787", "Address and port for everybody.",
			"With the default only this machine reaches the server.",
			"Whoever sets it can move the server to where nobody asks.", text(&s.Listen)},
		{"admin", "127.0.0.1:8788", "Address and port for health, readiness and metrics; off for none.",
			"Monitoring goes blind; serving goes on.",
			"On a public address it tells strangers how much is asked, not by whom.", text(&s.Admin)},
		{"dir", "", "Directory of the release tree that «lapwing list release» writes; empty to hand out no list.",
			"Any copy of the tree serves as well: it is public, and clients check every byte.",
			"Whoever writes there can serve an old list until its head expires, seven days at most, and nothing else.", text(&s.Dir)},
		{"tls-cert", "", "File with the certificate chain; empty for plain HTTP behind a proxy. Read again when it changes.",
			"Clients cannot connect until a new one is issued.",
			"A false certificate lets its owner see which files are asked for, and withhold them.", text(&s.TLSCert)},
		{"tls-key", "", "File with the certificate's private key, mode 0600.",
			"Issue a new certificate.",
			"The key's holder can answer in the server's name, with the limits of «dir».", text(&s.TLSKey)},
		{"header-bytes", "4096", "Longest request line with headers; a longer one is answered 431.",
			"Too small shuts out clients behind talkative proxies.",
			"Memory for each connection.", number(&s.HeaderBytes, 1024, 65536)},
		{"read-timeout", "5s", "Time to receive a whole request, from the opening of the connection or the first byte.",
			"Too short shuts out slow networks.",
			"Long times let slow clients hold connections; the server then evicts the slowest.", duration(&s.ReadTimeout, time.Second, time.Minute)},
		{"write-timeout", "1m", "Time for a client to take a whole answer.",
			"Too short cuts off full lists on slow networks.",
			"As for read-timeout.", duration(&s.WriteTimeout, time.Second, time.Hour)},
		{"idle-timeout", "15s", "Time that a connection may wait between two requests.",
			"None: clients connect again.",
			"As for read-timeout.", duration(&s.IdleTimeout, time.Second, time.Hour)},
		{"connections", "20000", "Connections at one time; when full, the one longest without progress is closed.",
			"Too many for the memory, about 12 kB each, and the kernel ends the process.",
			"Fewer make the server easier to fill.", number(&s.Connections, 16, 1<<20)},
		{"connections-per-client", "64", "Connections of one IPv4 address or IPv6 /64 network; 0 for no limit, behind a proxy.",
			"Behind a proxy any limit is one for all clients together.",
			"Without a limit one address can take most of the connections until they are full.", number(&s.PerClient, 0, 1<<20)},
		{"requests-per-connection", "10000", "Requests on one connection before it is closed; 0 for no limit.",
			"None: clients connect again.",
			"Nothing worth having.", number(&s.Requests, 0, 1<<30)},
		{"drain", "0s", "Time between «not ready» and the end of accepting, for balancers to notice.",
			"Too short behind a balancer gives a few errors at each restart.",
			"Slow restarts.", duration(&s.Drain, 0, time.Minute)},
		{"reload-interval", "30s", "How often to look for a new release, besides being told by the file system.",
			"A new release is seen later on network file systems.",
			"Clients get a taken-back list for that much longer.", duration(&s.ReloadInterval, time.Second, time.Hour)},
		{"pinned-bytes", "268435456", "Most that the newest release may hold in memory; a larger one is refused.",
			"Too small and the old release stays.",
			"A huge tree can take that much memory.", memory(&s.PinnedBytes)},
		{"cache-bytes", "33554432", "Most that objects of older releases may hold in memory.",
			"Too small and they are read from the disk each time.",
			"As for pinned-bytes.", memory(&s.CacheBytes)},
		{"log-level", "info", "debug, info, warn or error. No level logs anything of a request.",
			"Too high and a release that was refused goes unnoticed; the metrics still show it.",
			"Can hide traces of other changes.", text(&s.LogLevel)},
	}
}

func text(p *string) func(string) error {
	return func(v string) error { *p = v; return nil }
}

func number(p *int, least, most int) func(string) error {
	return func(v string) error {
		n, err := strconv.Atoi(v)
		if err != nil || n < least || n > most {
			return fmt.Errorf("want a whole number from %d to %d", least, most)
		}
		*p = n
		return nil
	}
}

func memory(p *int64) func(string) error {
	return func(v string) error {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil || n < 1<<20 || n > 1<<40 {
			return errors.New("want a number of bytes, at least 1048576")
		}
		*p = n
		return nil
	}
}

func duration(p *time.Duration, least, most time.Duration) func(string) error {
	return func(v string) error {
		d, err := time.ParseDuration(v)
		if err != nil || d < least || d > most {
			return fmt.Errorf("want a time from %v to %v, as 30s or 2m", least, most)
		}
		*p = d
		return nil
	}
}

// parseSettings reads the arguments and the file that --config names. An
// argument wins over the file, the file over the default.
func parseSettings(args []string, usage io.Writer) (*Settings, error) {
	s := new(Settings)
	table := settings(s)
	flags := flag.NewFlagSet("lapwingd", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	file := flags.String("config", "", "")
	given := map[string]string{}
	for _, t := range table {
		if err := t.set(t.standard); err != nil {
			panic("lapwingd: default of " + t.name + ": " + err.Error())
		}
		flags.Func(t.name, "", func(v string) error { given[t.name] = v; return t.set(v) })
	}
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		help(usage, table)
		return nil, err
	}
	if err == nil && flags.NArg() > 0 {
		err = fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if err != nil {
		return nil, err
	}
	if *file != "" {
		if err := readFile(*file, table); err != nil {
			return nil, err
		}
		for _, t := range table { // what was given as an argument wins
			if v, ok := given[t.name]; ok {
				if err := t.set(v); err != nil {
					return nil, err
				}
			}
		}
	}
	if (s.TLSCert == "") != (s.TLSKey == "") {
		return nil, errors.New("tls-cert and tls-key belong together; one is missing")
	}
	return s, nil
}

// readFile reads lines of «name value»; # begins a comment line.
func readFile(name string, table []setting) error {
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("reading config: %v", err)
	}
	defer f.Close()
	byName := map[string]setting{}
	for _, t := range table {
		byName[t.name] = t
	}
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		word, value, _ := strings.Cut(line, " ")
		t, ok := byName[word]
		if !ok {
			return fmt.Errorf("reading config %s: line %d: unknown setting %q; lapwingd --help lists them", name, n, word)
		}
		if err := t.set(strings.TrimSpace(value)); err != nil {
			return fmt.Errorf("reading config %s: line %d: %s: %v", name, n, word, err)
		}
	}
	return lines.Err()
}

// help prints every setting with what an operator should know of it.
func help(w io.Writer, table []setting) {
	fmt.Fprint(w, "usage: lapwingd [--config FILE] [--SETTING VALUE]...\n       lapwingd add-caller FILE NAME\n"+
		"       lapwingd backup-reports|export-reports [--config FILE] [--SETTING VALUE]... NEWFILE\n       lapwingd gateway-key NEWFILE\n\n"+
		"Hands out releases of a list, scores listings for callers, and collects sealed reports. In FILE each line is «setting value»;\n"+
		"an argument wins over the file.\n")
	for _, t := range table {
		fmt.Fprintf(w, "\n--%s (%s)\n    %s\n    If lost or wrong: %s\n    If attacked: %s\n",
			t.name, orNone(t.standard), t.meaning, t.lost, t.attacked)
	}
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
