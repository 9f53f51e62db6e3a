// SPDX-License-Identifier: Apache-2.0

package seal_test

import (
	"bytes"
	"crypto/hpke"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"strings"
	"testing"

	"lapwing/scorer"
	"lapwing/scorer/release"
	"lapwing/scorer/seal"
)

func random(b []byte) error { _, err := rand.Read(b); return err }

// person is a reviewer.
func person(t testing.TB, name string, seed byte) (seal.Key, hpke.PrivateKey) {
	t.Helper()
	raw := make([]byte, 32)
	for i := range raw {
		raw[i] = seed + byte(i)
	}
	private, err := hpke.MLKEM768X25519().NewPrivateKey(raw)
	if err != nil {
		t.Fatal(err)
	}
	return seal.Key{Name: name, Public: private.PublicKey().Bytes()}, private
}

var note = func() (h release.Hash) {
	for i := range h {
		h[i] = 0x20 + byte(i)
	}
	return h
}()

func sealed(t testing.TB, r *seal.Report, keys ...seal.Key) []byte {
	t.Helper()
	e, err := seal.Seal(encode(t, r), r.ID, note, keys, random)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestEachReviewerOpensWhatWasSealed(t *testing.T) {
	var keys []seal.Key
	var private []hpke.PrivateKey
	for i := range seal.MaxKeys {
		k, p := person(t, string(rune('a'+i)), byte(40*i))
		keys, private = append(keys, k), append(private, p)
	}
	want := encode(t, full())
	for n := 1; n <= seal.MaxKeys; n++ {
		e := sealed(t, full(), keys[:n]...)
		h, err := seal.ParseHeader(e)
		if err != nil || h.ID != full().ID || h.Release != note || len(h.Keys) != n {
			t.Fatalf("%d keys: header %+v, %v", n, h, err)
		}
		for i := range private {
			got, err := seal.Open(e, private[i])
			switch {
			case i < n && (err != nil || !bytes.Equal(got, want)):
				t.Errorf("%d keys: reviewer %d opened %q, %v: want what was shown", n, i, got, err)
			case i >= n && err == nil:
				t.Errorf("%d keys: reviewer %d opened what was not sealed to her", n, i)
			}
		}
	}
}

func TestAnEnvelopeHasOneOfTwoSizes(t *testing.T) {
	k, private := person(t, "a", 0)
	for _, c := range []struct{ add, size int }{
		{0, seal.SmallEnvelope}, {seal.Room(seal.SmallEnvelope, 1), seal.SmallEnvelope},
		{seal.Room(seal.SmallEnvelope, 1) + 1, seal.LargeEnvelope}, {seal.Room(seal.LargeEnvelope, 1), seal.LargeEnvelope},
	} {
		r := example()
		if c.add > 0 {
			r.Text[scorer.Title] = "a"
			r.Text[scorer.Title] = strings.Repeat("a", 1+c.add-len(encode(t, r)))
		}
		e := sealed(t, r, k)
		if len(e) != c.size {
			t.Errorf("a report of %d bytes: envelope of %d, want %d", len(encode(t, r)), len(e), c.size)
		}
		if got, err := seal.Open(e, private); err != nil || !bytes.Equal(got, encode(t, r)) {
			t.Errorf("a report of %d bytes does not come back: %v", len(encode(t, r)), err)
		}
	}
	r := example()
	r.Text[scorer.Title] = "a"
	r.Text[scorer.Title] = strings.Repeat("a", 2+seal.Room(seal.LargeEnvelope, 1)-len(encode(t, r)))
	_, err := seal.Seal(encode(t, r), r.ID, note, []seal.Key{k}, random)
	var e *seal.Error
	if !errors.As(err, &e) || e.Fault != seal.TooLong || e.Over != 1 {
		t.Errorf("one byte too many: got %v, want to be told so", err)
	}
}

func TestNoBitOfAnEnvelopeCanBeChanged(t *testing.T) {
	k, private := person(t, "a", 0)
	good := sealed(t, example(), k)
	for at := range len(good) - 8 { // the nonce of work is not sealed: CheckWork holds it
		bad := bytes.Clone(good)
		bad[at] ^= 1
		if _, err := seal.Open(bad, private); err == nil {
			t.Fatalf("byte %d of %d changed, and it opens", at, len(good))
		}
	}
}

func TestAWrapCannotMoveToAnotherReport(t *testing.T) {
	k, private := person(t, "a", 0)
	one, other := sealed(t, example(), k), full()
	other.ID[0] ^= 1
	two := sealed(t, other, k)
	copy(two[56:56+1176], one[56:56+1176])
	if _, err := seal.Open(two, private); err == nil {
		t.Error("opened with another report's wrap: it is bound to release and id")
	}
}

func TestWithoutRandomnessNothingIsSealed(t *testing.T) {
	k, _ := person(t, "a", 0)
	n := 0
	for name, source := range map[string]seal.Random{
		"none":        nil,
		"fails":       func([]byte) error { return errors.New("no entropy") },
		"gives zeros": func([]byte) error { return nil },
		"gives ones":  func(b []byte) error { copy(b, bytes.Repeat([]byte{0xff}, len(b))); return nil },
		"repeats":     func(b []byte) error { copy(b, "the same thirty-two bytes as ever"); return nil },
		"fails later": func(b []byte) error {
			if n++; n > 1 {
				return errors.New("no entropy")
			}
			return random(b)
		},
	} {
		e, err := seal.Seal(encode(t, example()), example().ID, note, []seal.Key{k}, source)
		var fault *seal.Error
		if e != nil || !errors.As(err, &fault) || fault.Fault != seal.NoRandomness {
			t.Errorf("%s: got %d bytes, %v; want NoRandomness and nothing sealed", name, len(e), err)
		}
	}
}

func TestOnlyReportsAreSealed(t *testing.T) {
	k, _ := person(t, "a", 0)
	id := example().ID
	bad := k
	bad.Public = bytes.Repeat([]byte{0xff}, seal.KeySize)
	low := k
	low.Public = append(bytes.Clone(k.Public[:1184]), make([]byte, 32)...)
	for name, c := range map[string]struct {
		report []byte
		id     [16]byte
		keys   []seal.Key
	}{
		"noise":                {[]byte("noise"), id, []seal.Key{k}},
		"another id":           {encode(t, example()), [16]byte{1}, []seal.Key{k}},
		"no keys":              {encode(t, example()), id, nil},
		"nine keys":            {encode(t, example()), id, make([]seal.Key, 9)},
		"a short key":          {encode(t, example()), id, []seal.Key{{"a", []byte("short")}}},
		"no key of ML-KEM":     {encode(t, example()), id, []seal.Key{bad}},
		"a point of low order": {encode(t, example()), id, []seal.Key{k, low}},
	} {
		if e, err := seal.Seal(c.report, c.id, note, c.keys, random); err == nil {
			t.Errorf("%s: sealed %d bytes, want an error", name, len(e))
		}
	}
}

func TestHeadersOfOtherThingsAreRefused(t *testing.T) {
	k, _ := person(t, "a", 0)
	good := sealed(t, example(), k)
	for name, change := range map[string]func([]byte) []byte{
		"empty":            func(b []byte) []byte { return nil },
		"short":            func(b []byte) []byte { return b[:4095] },
		"long":             func(b []byte) []byte { return append(b, 0) },
		"magic":            func(b []byte) []byte { b[0] = 'X'; return b },
		"version":          func(b []byte) []byte { b[4] = 2; return b },
		"class":            func(b []byte) []byte { b[5] = 1; return b },
		"no such class":    func(b []byte) []byte { b[5] = 2; return b },
		"no keys":          func(b []byte) []byte { b[6] = 0; return b },
		"nine keys":        func(b []byte) []byte { b[6] = 9; return b },
		"keys and no room": func(b []byte) []byte { b[6] = 4; return b },
		"reserved":         func(b []byte) []byte { b[7] = 1; return b },
	} {
		if h, err := seal.ParseHeader(change(bytes.Clone(good))); err == nil {
			t.Errorf("%s: %+v, want an error", name, h)
		}
	}
}

func TestWorkIsBoundToTheEnvelope(t *testing.T) {
	k, private := person(t, "a", 0)
	const bits = 10
	e := sealed(t, example(), k)
	start := uint64(0)
	for {
		nonce, found := seal.Work(e, start, 64, bits)
		if found {
			seal.PutWork(e, nonce)
			break
		}
		start += 64
	}
	if !seal.CheckWork(e, bits) {
		t.Fatal("work that was found is not accepted")
	}
	if seal.CheckWork(e, 33) || seal.CheckWork(nil, 1) {
		t.Error("more bits than can be asked for, or no envelope, were accepted")
	}
	if _, err := seal.Open(e, private); err != nil {
		t.Errorf("work spoils the envelope: %v", err)
	}
	held := 0
	for at := range 64 {
		moved := bytes.Clone(e)
		moved[at*32] ^= 1
		if seal.CheckWork(moved, bits) {
			held++
		}
	}
	if held > 4 { // 64 tries at 1 in 1024
		t.Errorf("%d of 64 changed envelopes are worth the work of the first: it must be bound to all bytes", held)
	}
}

// TestTheExampleHolds checks every figure of the package comment.
func TestTheExampleHolds(t *testing.T) {
	source, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	report := encode(t, example())
	if want := "//\t" + strings.ReplaceAll(strings.TrimSpace(string(report)), "\n", "\n//\t") + "\n"; !strings.Contains(string(source), want) {
		t.Errorf("the package comment does not have this report:\n%s", want)
	}
	k, private := person(t, "a", 0)
	draws := byte(0)
	known := func(b []byte) error {
		h := sha256.Sum256([]byte{draws})
		draws++
		copy(b, h[:])
		return nil
	}
	e, err := seal.SealWith(report, example().ID, note, []seal.Key{k}, known, sha256.Sum256([]byte{0xff}))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := seal.Open(e, private); err != nil || !bytes.Equal(got, report) {
		t.Fatalf("crypto/hpke opens %q, %v", got, err)
	}
	hash := sha256.Sum256(e)
	nonce, _ := seal.Work(e, 0, 1<<24, 16)
	seal.PutWork(e, nonce)
	for _, want := range []string{hex.EncodeToString(hash[:]), hex.EncodeToString(e[len(e)-8:])} {
		if !strings.Contains(string(source), want) {
			t.Errorf("the package comment does not have %s", want)
		}
	}
}

func FuzzOpen(f *testing.F) {
	k, private := person(f, "a", 0)
	f.Add(sealed(f, example(), k))
	f.Add(sealed(f, full(), k, k, k))
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := seal.ParseHeader(b)
		if err != nil {
			return
		}
		if len(h.Keys) < 1 || len(b) != seal.SmallEnvelope && len(b) != seal.LargeEnvelope {
			t.Errorf("a header of %d keys and %d bytes", len(h.Keys), len(b))
		}
		seal.CheckWork(b, 20)
		if report, err := seal.Open(b, private); err == nil {
			if _, err := seal.ParseReport(report); err != nil {
				t.Errorf("opened, and no report: %v", err) // only the seeds can be opened
			}
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	k, _ := person(b, "a", 0)
	r := example()
	report := encode(b, r)
	b.SetBytes(seal.SmallEnvelope)
	for b.Loop() {
		if _, err := seal.Seal(report, r.ID, note, []seal.Key{k}, random); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheckWork(b *testing.B) {
	k, _ := person(b, "a", 0)
	e := sealed(b, example(), k)
	for b.Loop() {
		seal.CheckWork(e, 20)
	}
}

func BenchmarkWork(b *testing.B) {
	k, _ := person(b, "a", 0)
	e := sealed(b, example(), k)
	const tries = 1000
	for b.Loop() {
		seal.Work(e, 0, tries, 32)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/tries, "ns/try")
}
