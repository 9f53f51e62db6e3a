// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// completionCmd is "lapwing completion". The scripts are made of the same
// declarations as the help, so they cannot fall behind.
type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Help is shown below the usage line.
func (completionCmd) Help() string {
	return `To have it in every new shell:

  bash:  lapwing completion bash > ~/.local/share/bash-completion/completions/lapwing
  zsh:   lapwing completion zsh > "${fpath[1]}/_lapwing"
  fish:  lapwing completion fish > ~/.config/fish/completions/lapwing.fish`
}

// Run is called by kong.
func (c *completionCmd) Run(k *kong.Context) error {
	words := completions(k.Model.Node, nil)
	switch c.Shell {
	case "bash":
		return writeBash(k.Stdout, words)
	case "zsh":
		return writeZsh(k.Stdout, words)
	}
	return writeFish(k.Stdout, words)
}

// completion is one command with what may follow it.
type completion struct {
	path  []string // commands from the top, without "lapwing"
	subs  []word   // commands below
	flags []flagWord
}

type word struct{ name, help string }

type flagWord struct {
	word
	short  string
	takes  bool     // a value
	values []string // all that it takes, if that is known
}

// completions lists a command and all below it.
func completions(n *kong.Node, path []string) []completion {
	c := completion{path: path}
	for _, group := range n.AllFlags(true) {
		for _, f := range group {
			c.flags = append(c.flags, newFlagWord(f))
		}
	}
	var below []completion
	for _, child := range n.Children {
		if child.Hidden || child.Type != kong.CommandNode {
			continue
		}
		c.subs = append(c.subs, word{child.Name, firstSentence(child.Help)})
		below = append(below, completions(child, append(slices.Clone(path), child.Name))...)
	}
	for _, p := range n.Positional {
		if p.Enum != "" {
			for _, v := range p.EnumSlice() {
				c.subs = append(c.subs, word{v, ""})
			}
		}
	}
	return append([]completion{c}, below...)
}

func newFlagWord(f *kong.Flag) flagWord {
	w := flagWord{word: word{f.Name, firstSentence(f.Help)}, takes: !f.IsBool() && !f.IsCounter()}
	if f.Short != 0 {
		w.short = string(f.Short)
	}
	if f.Enum != "" {
		for _, v := range f.EnumSlice() {
			if v != "" {
				w.values = append(w.values, v)
			}
		}
	}
	return w
}

func firstSentence(help string) string {
	s, _, _ := strings.Cut(help, ". ")
	return strings.NewReplacer("'", "’", `"`, "”", "`", "’", "[", "(", "]", ")", ":", " –", "\\", "").Replace(strings.TrimSuffix(s, "."))
}

// flagNames gives every spelling of a command's flags.
func (c *completion) flagNames() []string {
	var names []string
	for _, f := range c.flags {
		names = append(names, "--"+f.name)
		if f.short != "" {
			names = append(names, "-"+f.short)
		}
	}
	return names
}

func writeBash(w io.Writer, all []completion) error {
	var b strings.Builder
	b.WriteString("# bash completion of lapwing\n_lapwing() {\n" +
		"  local cur=\"${COMP_WORDS[COMP_CWORD]}\" prev=\"${COMP_WORDS[COMP_CWORD-1]}\" at=\"\" word k\n" +
		"  for ((k = 1; k < COMP_CWORD; k++)); do\n    word=\"${COMP_WORDS[k]}\"\n    case \"$at $word\" in\n")
	for _, c := range all[1:] {
		fmt.Fprintf(&b, "      %q) at=%q ;;\n", joined(c.path[:len(c.path)-1])+" "+c.path[len(c.path)-1], joined(c.path))
	}
	b.WriteString("    esac\n  done\n  case \"$at $prev\" in\n")
	for _, c := range all {
		for _, f := range c.flags {
			if len(f.values) > 0 {
				fmt.Fprintf(&b, "    %q) COMPREPLY=($(compgen -W %q -- \"$cur\")); return ;;\n", joined(c.path)+" --"+f.name, strings.Join(f.values, " "))
			}
		}
	}
	b.WriteString("  esac\n  case \"$at\" in\n")
	for _, c := range all {
		var subs []string
		for _, s := range c.subs {
			subs = append(subs, s.name)
		}
		fmt.Fprintf(&b, "    %q) words=%q flags=%q ;;\n", joined(c.path), strings.Join(subs, " "), strings.Join(c.flagNames(), " "))
	}
	b.WriteString("  esac\n  if [[ $cur == -* ]]; then\n    COMPREPLY=($(compgen -W \"$flags\" -- \"$cur\"))\n" +
		"  elif [[ -n $words ]]; then\n    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n" +
		"  else\n    COMPREPLY=($(compgen -f -- \"$cur\"))\n  fi\n}\n" +
		"complete -o filenames -o bashdefault -F _lapwing lapwing\n")
	script := strings.Replace(b.String(), "at=\"\" word k\n", "at=\"\" words=\"\" flags=\"\" word k\n", 1)
	_, err := io.WriteString(w, script)
	return err
}

func joined(path []string) string { return strings.Join(path, " ") }

func writeFish(w io.Writer, all []completion) error {
	var b strings.Builder
	b.WriteString("# fish completion of lapwing\n")
	for _, c := range all {
		when := fishCondition(c)
		for _, s := range c.subs {
			fmt.Fprintf(&b, "complete -c lapwing -n %q -f -a %s -d '%s'\n", when, s.name, s.help)
		}
		for _, f := range c.flags {
			fmt.Fprintf(&b, "complete -c lapwing -n %q -l %s", when, f.name)
			if f.short != "" {
				fmt.Fprintf(&b, " -s %s", f.short)
			}
			if len(f.values) > 0 {
				fmt.Fprintf(&b, " -x -a '%s'", strings.Join(f.values, " "))
			} else if f.takes {
				b.WriteString(" -r")
			}
			fmt.Fprintf(&b, " -d '%s'\n", f.help)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// fishCondition holds where exactly this command was typed so far.
func fishCondition(c completion) string {
	var parts []string
	for _, name := range c.path {
		parts = append(parts, "__fish_seen_subcommand_from "+name)
	}
	if len(c.subs) > 0 {
		var names []string
		for _, s := range c.subs {
			names = append(names, s.name)
		}
		parts = append(parts, "not __fish_seen_subcommand_from "+strings.Join(names, " "))
	}
	return strings.Join(parts, "; and ")
}

func writeZsh(w io.Writer, all []completion) error {
	var b strings.Builder
	b.WriteString("#compdef lapwing\n_lapwing() {\n  local at=\"\" word k\n  local -a words_ flags_\n" +
		"  for ((k = 2; k < CURRENT; k++)); do\n    word=\"${words[k]}\"\n    case \"$at $word\" in\n")
	for _, c := range all[1:] {
		fmt.Fprintf(&b, "      %q) at=%q ;;\n", joined(c.path[:len(c.path)-1])+" "+c.path[len(c.path)-1], joined(c.path))
	}
	b.WriteString("    esac\n  done\n  case \"$at\" in\n")
	for _, c := range all {
		fmt.Fprintf(&b, "    %q)\n      words_=(%s)\n      flags_=(%s) ;;\n", joined(c.path), zshWords(c.subs), zshFlags(c.flags))
	}
	b.WriteString("  esac\n  if (( ${#words_} )) && [[ ${words[CURRENT]} != -* ]]; then\n    _describe command words_\n" +
		"  else\n    _arguments -S $flags_ '*:file:_files'\n  fi\n}\n_lapwing \"$@\"\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func zshWords(words []word) string {
	var parts []string
	for _, s := range words {
		parts = append(parts, fmt.Sprintf("'%s:%s'", s.name, s.help))
	}
	return strings.Join(parts, " ")
}

func zshFlags(flags []flagWord) string {
	var parts []string
	for _, f := range flags {
		spec := fmt.Sprintf("'--%s[%s]", f.name, f.help)
		switch {
		case len(f.values) > 0:
			spec += ":value:(" + strings.Join(f.values, " ") + ")"
		case f.takes:
			spec += ":value:_files"
		}
		parts = append(parts, spec+"'")
	}
	return strings.Join(parts, " ")
}
