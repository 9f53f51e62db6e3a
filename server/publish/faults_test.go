// SPDX-License-Identifier: Apache-2.0

package publish_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"lapwing/server/publish"
)

const keepsFile = "indicators/documents/documents.keeps.yaml"

// keeps is an indicator without faults; a test changes one thing in it.
const keeps = `id: documents.keeps
dimension: coercive-recruitment
strength: strong
weight: 9
kinds: [job, au-pair]
status: active
title: Wants to keep your identity documents
means: An employer may look at your passport. Keeping it is a way to keep you.
benign: Embassies hold passports for a day.
sources: ["ILO, Indicators of forced labour, 2012"]
added: 2026-11-23
expires: 2027-11-23
patterns:
  en:
    - (agency|company) (keeps|holds) ... passport
    - give us your 'passport' & <money>
unless:
  en: [copy of your passport]
examples:
  en:
    yes:
      - The agency holds your passport during the contract.
      - Give us your passport and 50 EUR.
    no:
      - Please bring a copy of your passport.
      - The company holds a party.
`

// today is the day on which the lists of these tests are examined.
const today = "2026-12-01"

// sample gives a list without faults as files.
func sample() map[string]string {
	var texts strings.Builder
	for _, level := range []string{"none", "notice", "elevated", "high"} {
		fmt.Fprintf(&texts, "level/%s/title: x\nlevel/%s/means: x\n", level, level)
	}
	for _, dimension := range []string{"deceptive-recruitment", "coercive-recruitment", "abuse-of-vulnerability",
		"exploitation-on-offer", "coercion-on-offer", "fraud-payment", "fraud-identity", "fraud-contact"} {
		fmt.Fprintf(&texts, "dimension/%s/title: x\ndimension/%s/means: x\n", dimension, dimension)
	}
	return map[string]string{
		keepsFile: keeps,
		"policy.yaml": `name: sample
version: 3
created: 2026-11-23
family-cap: 15
window-words: 90
near-words: 12
levels:
  - {notice: 5, elevated: 12, high: 20}
gate:
  indicators: {weak: 20, medium: 3, strong: 0.5}
  levels: {notice: 30, elevated: 3, high: 0.5}
`,
		"retired.yaml":           "retired:\n  - {id: documents.old, when: 2026-01-01, why: said nothing}\n",
		"texts/en.yaml":          texts.String(),
		"protected/en.yaml":      "words: [polish, cape verdean]\n",
		"helplines/us.yaml":      "country: US\nemergency: 911\nlines:\n  - {name: Line, number: 555 0100, who: ngo, source: its page, checked: 2026-11-23}\ndirectory: {name: D, web: 'https://example.org'}\n",
		"false-positives/a.yaml": "id: a\nkind: job\ntext: We keep a copy of your passport.\nwhy: a copy\ntaken-back: 2026-11-23\n",
	}
}

func filesystem(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func TestSampleHasNoFaults(t *testing.T) {
	_, p, faults := publish.Examine(filesystem(sample()), today)
	if len(faults) > 0 || p == nil {
		t.Fatalf("faults %v, want none", faults)
	}
}

// TestFaults changes one thing in a list without faults, and expects to be told
// where and what it is.
func TestFaults(t *testing.T) {
	for _, test := range []struct {
		name     string
		file     string
		old, new string // old "": new is the whole file
		want     string // start of a line of the output
	}{
		{"unknown key", keepsFile, "weight: 9", "wieght: 9", `:4:1: error: unknown key "wieght"`},
		{"key twice", keepsFile, "weight: 9", "id: x", `:4:1: error: "id" is there twice`},
		{"not YAML", keepsFile, "weight: 9", "weight: [9", `:4:1: error: not YAML`},
		{"alias", keepsFile, "copy of your passport", "*copy", `:18:1: error: not YAML: unknown anchor`},
		{"alias of an anchor", keepsFile, "title: Wants to keep your identity documents\nmeans: An employer may look at your passport. Keeping it is a way to keep you.", "title: &t Wants\nmeans: *t", `:8:8: error: an alias`},
		{"anchor", keepsFile, "title: Wants", "title: &t Wants", `:7:8: error: an anchor`},
		{"two documents", keepsFile, "unless:", "---\nunless:", `: error: more than one document`},
		{"empty file", keepsFile, "", "# nothing\n", `: error: empty file`},
		{"a list instead of a mapping", keepsFile, "", "- a\n", `:1:1: error: an indicator is not a mapping`},
		{"bad grammar inside the expression", keepsFile, "... passport", "... passp[ort]", `:15:47: error: a word runs into a group`},
		{"bad grammar behind letters of several bytes", keepsFile, "(agency|company) (keeps|holds) ... passport", "ágência (a|", `:15:15: error: "(" is not closed`},
		{"bad grammar in quotes", keepsFile, "give us your 'passport' & <money>", `'give us your ''passport'' & <mony>'`, `:16:36: error: unknown entity <mony>`},
		{"stem too short", keepsFile, "... passport", "... pas*", `:15:45: error: the stem "pas*" is too short`},
		{"pattern that YAML reads as a list", keepsFile, "give us your 'passport' & <money>", "[give us] your passport", `:16:1: error: not YAML`},
		{"pattern that YAML reads as a mapping", keepsFile, "give us your 'passport' & <money>", "pay now: passport", `:16:7: error: a pattern is no text`},
		{"look-alike letter", keepsFile, "... passport", "... pаssport", `:15:42: error: "pаssport" mixes scripts`},
		{"another script", keepsFile, "... passport", "... паспорт", `:15:42: error: "паспорт" is not written in a script of "en"`},
		{"unknown language", keepsFile, "unless:\n  en:", "unless:\n  xx:", `:18:3: error: unknown language "xx"`},
		{"protected word", keepsFile, "... passport", "... polish passport", `:15:7: error: "polish" is a protected word`},
		{"protected phrase", keepsFile, "... passport", "... (Cape Verdean|other) passport", `:15:7: error: "cape verdean" is a protected word`},
		{"same pattern twice", keepsFile, "give us your 'passport' & <money>", "(agency|COMPANY) (keeps|holds) ... passport", `:16:7: error: the same pattern twice`},
		{"example that does not match", keepsFile, "The agency holds", "The landlord holds", `:22:9: error: the example does not match`},
		{"example that unless takes away", keepsFile, "during the contract", "and a copy of your passport", `:22:9: error: the example does not match`},
		{"near miss that matches", keepsFile, "The company holds a party.", "The company holds a passport.", `:26:9: error: the near miss matches`},
		{"too few examples", keepsFile, "      - The company holds a party.\n", "", `:25:7: error: fewer than 2 examples`},
		{"no near misses", keepsFile, "    no:\n      - Please bring a copy of your passport.\n      - The company holds a party.\n", "", `:20:3: error: the examples of "en" have no "no"`},
		{"examples without patterns", keepsFile, "examples:\n  en:", "examples:\n  es:", `:22:9: error: examples in "es" without patterns`},
		{"patterns without examples", keepsFile, "examples:\n  en:", "examples:\n  es:", `:15:7: error: patterns in "en" without examples`},
		{"expired", keepsFile, "expires: 2027-11-23", "expires: 2026-11-30", `:1:5: error: expired on 2026-11-30`},
		{"a review for ever", keepsFile, "expires: 2027-11-23", "expires: 2037-11-23", `:12:10: error: expires on 2037-11-23, added on 2026-11-23`},
		{"no date", keepsFile, "expires: 2027-11-23", "expires: 2027-11-31", `:12:10: error: expires: "2027-11-31" is no date`},
		{"no source", keepsFile, "sources: [\"ILO, Indicators of forced labour, 2012\"]\n", "", `:1:1: error: "sources" is missing`},
		{"empty list of sources", keepsFile, "[\"ILO, Indicators of forced labour, 2012\"]", "[]", `:10:10: error: sources is an empty list`},
		{"no benign cause", keepsFile, "benign: Embassies hold passports for a day.", "benign:", `:9:8: error: benign is no text`},
		{"unscoped kinds", keepsFile, "kinds: [job, au-pair]\n", "", `:1:1: error: "kinds" is missing`},
		{"unknown kind", keepsFile, "[job, au-pair]", "[job, aupair]", `:5:14: error: unknown kind "aupair"`},
		{"weight out of band", keepsFile, "weight: 9", "weight: 7", `:4:9: error: weight 7 is outside the band of "strong"`},
		{"weight that is no number", keepsFile, "weight: 9", "weight: nine", `:4:9: error: weight: "nine" is out of bounds`},
		{"unknown strength", keepsFile, "strength: strong", "strength: strng", `:3:11: error: unknown strength "strng"`},
		{"unknown dimension", keepsFile, "coercive-recruitment", "coercive-recruiting", `:2:12: error: unknown dimension`},
		{"unknown status", keepsFile, "status: active", "status: actve", `:6:9: error: unknown status "actve"`},
		{"ID and file differ", keepsFile, "id: documents.keeps", "id: documents.holds", `:1:5: error: the file's name does not fit the ID "documents.holds"`},
		{"no ID", keepsFile, "id: documents.keeps", "id: Documents", `:1:5: error: "Documents" is no ID`},
		{"ID that was retired", "retired.yaml", "documents.old", "documents.keeps", `indicators/documents/documents.keeps.yaml:1:5: error: the ID "documents.keeps" was retired`},
		{"retired twice", "retired.yaml", "retired:\n", "retired:\n  - {id: documents.old, when: 2026-01-01, why: x}\n", `retired.yaml:3:10: error: "documents.old" is retired twice`},
		{"missing translation", keepsFile, "  en:\n    - (agency", "  es:\n    - agencia guarda pasaporte\n  en:\n    - (agency", `texts/es.yaml: error: no translation of "documents.keeps"`},
		{"text of no indicator", "texts/en.yaml", "level/none/title: x", "documents.kepes: {title: x, means: x, benign: x}\nlevel/none/title: x", `:1:1: error: a text for "documents.kepes", which is no indicator`},
		{"second English text", "texts/en.yaml", "level/none/title: x", "documents.keeps: {title: x, means: x, benign: x}\nlevel/none/title: x", `:1:1: error: a second English text for "documents.keeps"`},
		{"text without a part", "texts/en.yaml", "level/none/title: x", "documents.old: {title: x, means: x}\nlevel/none/title: x", `:1:16: error: "benign" is missing`},
		{"level without text", "texts/en.yaml", "level/high/means: x\n", "", `texts/en.yaml: error: no text for "level/high/means"`},
		{"unknown level", "texts/en.yaml", "level/high/means", "level/hihg/means", `:8:1: error: unknown key "level/hihg/means"`},
		{"file of no language", "advice/english.yaml", "", "a: b\n", `advice/english.yaml: error: the file is not named after a known language`},
		{"pattern as protected word", "protected/en.yaml", "polish", "pol*", `:1:9: error: a protected word is a plain word or phrase`},
		{"nothing as protected word", "protected/en.yaml", "polish", "'!'", `:1:9: error: no word is left in normal form`},
		{"help line without source", "helplines/us.yaml", "source: its page, ", "", `:4:5: error: "source" is missing`},
		{"help line that cannot be reached", "helplines/us.yaml", "number: 555 0100, ", "", `:4:5: error: a line that cannot be reached`},
		{"help line of nobody", "helplines/us.yaml", "who: ngo", "who: ngos", `:4:41: error: unknown answerer "ngos"`},
		{"help line of another country", "helplines/us.yaml", "country: US", "country: CA", `:1:10: error: country "CA" does not fit the file's name`},
		{"adapter without ID", "sites/x.yaml", "", "name: X\n", `sites/x.yaml:1:1: error: "id" is missing`},
		{"adapter of another name", "sites/x.yaml", "", "id: y\n", `sites/x.yaml:1:5: error: the file's name does not fit the ID "y"`},
		{"wording model of nobody", "wording/en-job.json", "", "{\"lang\":\"en\",\"kinds\":[\"job\"],\"features\":[1]}", `wording/en-job.json: error: 1 features and 0 weights`},
		{"features out of order", "wording/en-job.json", "", "{\"lang\":\"en\",\"kinds\":[\"job\"],\"features\":[2,1],\"weights\":[1,1]}", `wording/en-job.json: error: features out of order`},
		{"policy without a key", "policy.yaml", "near-words: 12\n", "", `policy.yaml:1:1: error: "near-words" is missing`},
		{"levels that fall", "policy.yaml", "elevated: 12", "elevated: 4", `policy.yaml:8:5: error: a lower level needs more points`},
		{"no general level", "policy.yaml", "{notice", "{kind: job, notice", `policy.yaml:8:3: error: no rule holds for every kind and language`},
		{"a negative budget", "policy.yaml", "strong: 0.5", "strong: -1", `policy.yaml:10:45: error: "-1" is no budget`},
		{"no policy", "policy.yaml", "", "-", `policy.yaml: error: the file is missing`},
		{"false positive of no indicator", "false-positives/a.yaml", "kind: job", "kind: job\nindicator: documents.kepes", `:4:7: error: no indicator "documents.kepes"`},
		{"false positive that is back", "false-positives/a.yaml", "We keep a copy of your passport.", "The agency holds your passport.", `:3:7: error: the false positive is back`},
		{"stray file", "indicators/documents.keeps.yml", "", keeps, `indicators/documents.keeps.yml: error: a file that is no part of the list`},
		{"text of several megabytes", "advice/en.yaml", "", "a: " + strings.Repeat("x", 2<<20), `advice/en.yaml: error: longer than`},
		{"control character", "advice/en.yaml", "", "a: \"b\\u0007\"\n", `advice/en.yaml:1:4: error: a text has a control character`},
		{"not UTF-8", "advice/en.yaml", "", "a: \xff\n", `advice/en.yaml: error: not UTF-8`},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := sample()
			switch {
			case test.new == "-":
				delete(files, test.file)
			case test.old == "":
				files[test.file] = test.new
			case !strings.Contains(files[test.file], test.old):
				t.Fatalf("%s does not hold %q", test.file, test.old)
			default:
				files[test.file] = strings.Replace(files[test.file], test.old, test.new, 1)
			}
			checkFault(t, files, test.file, test.want)
		})
	}
}

func checkFault(t *testing.T, files map[string]string, file, want string) {
	t.Helper()
	_, p, faults := publish.Examine(filesystem(files), today)
	if p != nil || faults.Errors() == 0 {
		t.Errorf("a pack in spite of the fault %q", want)
	}
	if strings.HasPrefix(want, ":") {
		want = file + want
	}
	var got strings.Builder
	if err := faults.Print(&got, ""); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(got.String()) {
		if strings.HasPrefix(line, want) {
			return
		}
	}
	t.Errorf("got\n%swant a line that begins with\n%s", got.String(), want)
}

func TestEveryFaultSaysWhatToDo(t *testing.T) {
	files := sample()
	maps.DeleteFunc(files, func(name, _ string) bool { return name != keepsFile })
	files[keepsFile] = "id: [\nx"
	files["texts/en.yaml"] = "nonsense: 1\n"
	_, _, faults := publish.Examine(filesystem(files), today)
	for _, f := range faults {
		if f.Hint == "" {
			t.Errorf("%s: no hint", f)
		}
	}
	if faults.Errors() < 4 {
		t.Errorf("%d errors, want all of a run at once:\n%v", faults.Errors(), faults)
	}
}

func TestWarningsRefuseNothing(t *testing.T) {
	files := sample()
	files[keepsFile] = strings.Replace(keeps, "Give us your passport and 50 EUR.", "The company keeps the passport.", 1)
	files["helplines/us.yaml"] = strings.Replace(files["helplines/us.yaml"], "2026-11-23", "2026-10-01", 1)
	_, p, faults := publish.Examine(filesystem(files), "2027-11-01")
	if p == nil {
		t.Fatalf("no pack, want one: %v", faults)
	}
	want := []string{
		"helplines/us.yaml:4:5: warning: last checked on 2026-10-01",
		keepsFile + ":1:5: warning: expires on 2027-11-23",
		keepsFile + ":16:7: warning: no example exercises 1 of 2 patterns",
	}
	for i, f := range faults {
		if i >= len(want) || !strings.HasPrefix(f.String(), want[i]) {
			t.Errorf("got %q, want one of %q", f, want)
		}
	}
}
