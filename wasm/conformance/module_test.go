// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/wasm/conformance"
	"lapwing/wasm/host"
	"lapwing/wasm/ready"
	"lapwing/wasm/wasmtest"
	"lapwing/wasm/wire"
)

// open starts the shipped module with the vectors' list.
func open(t testing.TB, options host.Options) (*host.Host, *pack.Pack) {
	t.Helper()
	p, encoded, err := conformance.ReadList(dir)
	if err != nil {
		t.Fatal(err)
	}
	list, err := ready.List(p, encoded)
	if err != nil {
		t.Fatal(err)
	}
	h, err := host.New(context.Background(), wasmtest.Score(t), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	if err := h.Load(list); err != nil {
		t.Fatal(err)
	}
	return h, p
}

// The module that nobody vouches for is the same module, only slower.
func TestInterruptionChangesNoVerdict(t *testing.T) {
	p, encoded, vectors := read(t)
	h, _ := open(t, host.Options{Instances: 1})
	verdicts, err := h.Score(context.Background(), listings(vectors))
	if err != nil {
		t.Fatal(err)
	}
	compare(t, lines(t, p, encoded, vectors, verdicts), expected(t, p, encoded, vectors))
}

func TestManyCallersShareFewInstances(t *testing.T) {
	module := wasmtest.Score(t)
	h, _ := open(t, host.Options{Instances: 2, Trusted: sha256.Sum256(module), CacheDir: t.TempDir()})
	_, _, vectors := read(t)
	all := listings(vectors)
	want, err := h.Score(context.Background(), all)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for worker := range 6 {
		wg.Go(func() {
			for i := worker; i < len(all); i += 6 {
				got, err := h.Score(context.Background(), all[i:i+1])
				if err != nil || !reflect.DeepEqual(got[0], want[i]) {
					t.Errorf("%s: got %+v, %v, want %+v as in a batch", vectors[i].Name, got, err, want[i])
				}
			}
		})
	}
	wg.Wait()
}

func TestModuleTellsWhatItHasLoaded(t *testing.T) {
	h, p := open(t, host.Options{Instances: 1})
	ctx := context.Background()
	c, err := h.Catalog(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if c.Name != p.Name || c.Version != p.Version || len(c.List) != len(p.Indicators) || c.List[3].ID != p.Indicators[3].ID {
		t.Errorf("catalog: got %s %d with %d indicators, want %s %d with %d", c.Name, c.Version, len(c.List), p.Name, p.Version, len(p.Indicators))
	}
	if got := strings.Join(c.Languages, " "); got != "en ru" {
		t.Errorf("languages: got %q, want %q", got, "en ru")
	}
	texts, err := h.Texts(ctx, "ru")
	if want := []wire.Pair{{Key: "documents.keeps/title", Value: "Хочет забрать ваши документы"}}; err != nil || !slices.Equal(texts, want) {
		t.Errorf("texts: got %v, %v, want %v", texts, err, want)
	}
	documents, err := h.Documents(ctx, "helpline/")
	if err != nil || len(documents) != 1 || documents[0].Key != "helpline/xx" {
		t.Errorf("documents: got %v, %v, want helpline/xx alone", documents, err)
	}
}

func TestListThatIsRefusedLeavesTheOneBefore(t *testing.T) {
	h, p := open(t, host.Options{Instances: 1})
	_, encoded, err := conformance.ReadList(dir)
	if err != nil {
		t.Fatal(err)
	}
	list, err := ready.List(p, encoded)
	if err != nil {
		t.Fatal(err)
	}
	version := slices.Clone(list)
	version[3]++
	for name, bad := range map[string][]byte{
		"nothing": nil, "an encoded pack": encoded, "a list cut short": list[:len(list)/2], "another version": version,
	} {
		var refused *wire.Error
		if err := h.Load(bad); !errors.As(err, &refused) || refused.Status != wire.PackRefused {
			t.Errorf("%s: got %v, want %v", name, err, wire.PackRefused)
		}
	}
	if _, err := h.Score(context.Background(), []scorer.Listing{{}}); err != nil {
		t.Errorf("after refusals: %v", err)
	}
}

func TestListingThatIsTooLongIsAnErrorNotACut(t *testing.T) {
	h, _ := open(t, host.Options{Instances: 1})
	long := scorer.Listing{Text: [scorer.NumFields]string{scorer.Body: strings.Repeat("a", wire.MaxRequest)}}
	if _, err := h.Score(context.Background(), []scorer.Listing{long}); err == nil {
		t.Error("accepted")
	}
	if _, err := h.Score(context.Background(), []scorer.Listing{{}}); err != nil {
		t.Errorf("the instance is of no more use: %v", err)
	}
}

// Whatever the bytes of a listing, UTF-8 or not, the module says what native Go says.
func FuzzModuleAgreesWithNative(f *testing.F) {
	h, p := open(f, host.Options{Instances: 1})
	s, err := scorer.New(p)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(uint8(1), "en", "we keep your pass\xffport", "\xc3\x28 we hold \xe2\x82 your documents \xf0\x9f")
	f.Add(uint8(7), "", "call 5five5 01O 0199", "£60 an hour, возраст от 16")
	f.Add(uint8(5), "zh", "\xed\xa0\x80高薪", "诚意招聘")
	f.Fuzz(func(t *testing.T, kind uint8, lang, title, body string) {
		l := scorer.Listing{Kind: pack.Kind(kind) % pack.NumKinds, Lang: lang}
		l.Text[scorer.Title], l.Text[scorer.Body] = title, body
		want := s.Score(&l)
		got, err := h.Score(context.Background(), []scorer.Listing{l})
		if err != nil {
			t.Fatal(err)
		}
		if conformance.Describe(p, &l, &got[0]) != conformance.Describe(p, &l, &want) {
			t.Errorf("%q\n got %+v\nwant %+v", l.Text, got[0], want)
		}
	})
}
