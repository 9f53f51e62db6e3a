// SPDX-License-Identifier: Apache-2.0

package pack_test

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"lapwing/scorer/pack"
	"lapwing/scorer/pack/packtest"
)

// theLongWay is what Patch is to give.
func theLongWay(old, delta []byte) ([]byte, error) {
	p, err := pack.Decode(old)
	if err != nil {
		return nil, err
	}
	if p, err = pack.Apply(p, delta); err != nil {
		return nil, err
	}
	return pack.Encode(p)
}

func TestPatchLeadsFromAnyPackToAnyOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyPack().Draw(t, "old"), anyPack().Draw(t, "next")
		old, err := pack.Encode(a)
		if err != nil {
			t.Fatal(err)
		}
		want, err := pack.Encode(b)
		if err != nil {
			t.Fatal(err)
		}
		delta, err := pack.Diff(a, b)
		if err != nil {
			t.Fatal(err)
		}
		got, err := pack.Patch(old, delta)
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("got %x, %v; want %x", got, err, want)
		}
	})
}

func TestPatchFollowsALargeListThroughDays(t *testing.T) {
	p := packtest.Generate(1, 5000)
	p.Wording = []pack.Wording{packtest.Wording(1, 2000)}
	b := encode(t, p)
	for day := range uint64(5) {
		next := packtest.NextDay(p, day)
		delta, err := pack.Diff(p, next)
		if err != nil {
			t.Fatal(err)
		}
		if b, err = pack.Patch(b, delta); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b, encode(t, next)) {
			t.Fatalf("day %d: another pack than Apply's", day)
		}
		p = next
	}
}

func TestPatchRefusesWhatApplyRefuses(t *testing.T) {
	p := packtest.Generate(1, 300)
	old := encode(t, p)
	right, err := pack.Diff(p, packtest.NextDay(p, 1))
	if err != nil {
		t.Fatal(err)
	}
	for i := range right {
		for _, flip := range []byte{1, 2, 0x10, 0x80, 0xff} {
			delta := bytes.Clone(right)
			delta[i] ^= flip
			got, err := pack.Patch(old, delta)
			want, wantErr := theLongWay(old, delta)
			if !bytes.Equal(got, want) || (err == nil) != (wantErr == nil) {
				t.Fatalf("byte %d xor %#x: got %d bytes, %v; want %d, %v", i, flip, len(got), err, len(want), wantErr)
			}
		}
	}
}

func TestPatchTakesLittleMemory(t *testing.T) {
	p := packtest.Generate(1, 20_000)
	old := encode(t, p)
	delta, err := pack.Diff(p, packtest.NextDay(p, 1))
	if err != nil {
		t.Fatal(err)
	}
	got := allocated(func() { _, err = pack.Patch(old, delta) })
	if err != nil {
		t.Fatal(err)
	}
	// The rows, the new pack, and something for each edit: were it more, the long
	// way would have been taken.
	if want := uint64(4*len(old) + 40*len(delta)); got > want {
		t.Errorf("patching %d bytes by %d took %d bytes of memory, want at most %d", len(old), len(delta), got, want)
	}
}

func FuzzPatch(f *testing.F) {
	one, two := documented(), small() // large ones would take long to change
	for _, old := range []*pack.Pack{one, two} {
		for _, next := range []*pack.Pack{one, two} {
			delta, err := pack.Diff(old, next)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(encode(f, old), delta)
		}
	}
	f.Fuzz(func(t *testing.T, old, delta []byte) {
		got, err := pack.Patch(old, delta)
		if _, bad := pack.Decode(old); bad != nil {
			return // no more than that it ends
		}
		want, wantErr := theLongWay(old, delta)
		if !bytes.Equal(got, want) || (err == nil) != (wantErr == nil) || err != nil && err.Error() != wantErr.Error() {
			t.Fatalf("got %x, %v; want %x, %v", got, err, want, wantErr)
		}
	})
}

func TestHeaderNamesAPack(t *testing.T) {
	p := small()
	b := encode(t, p)
	name, version, err := pack.Header(b)
	if err != nil || name != p.Name || version != p.Version {
		t.Errorf("got %q %d %v, want %q %d", name, version, err, p.Name, p.Version)
	}
	for n := range 9 {
		if _, _, err := pack.Header(b[:n]); err == nil {
			t.Errorf("the first %d bytes have a header, want an error", n)
		}
	}
}
