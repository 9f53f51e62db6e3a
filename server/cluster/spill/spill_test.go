// SPDX-License-Identifier: Apache-2.0

package spill

import (
	"bytes"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

func TestASorterGivesBackWhatWentInWhateverItsMemory(t *testing.T) {
	for _, n := range []int{0, 1, 5000, 60_000} {
		for _, memory := range []int64{1, 1 << 30} {
			dir := t.TempDir()
			rng := rand.New(rand.NewPCG(1, uint64(n)))
			s := NewSorter(dir, memory)
			var want []Pair
			for range n {
				p := Pair{rng.Uint64() >> rng.IntN(64), rng.Uint32()}
				want = append(want, p)
				if err := s.Add(p); err != nil {
					t.Fatal(err)
				}
			}
			if left, _ := os.ReadDir(dir); len(left) > 0 {
				t.Errorf("%d pairs: the folder holds %v while sorting: a killed run would leave it behind", n, left)
			}
			slices.SortFunc(want, compare)
			var got []Pair
			err := s.Groups(func(key uint64, values []uint32) error {
				for _, v := range values {
					got = append(got, Pair{key, v})
				}
				return nil
			})
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%d pairs in %d bytes: got %d back, %v", n, memory, len(got), err)
			}
		}
	}
}

func TestATapeGivesBackWhatWentInWhateverItsMemory(t *testing.T) {
	for _, memory := range []int64{0, chunkSize, 1 << 30} {
		rng := rand.New(rand.NewPCG(2, 2))
		tape := NewTape(t.TempDir(), memory)
		type record struct {
			at   int64
			data []byte
		}
		var all []record
		for range 300 {
			data := make([]byte, rng.IntN(30_000))
			for k := range data {
				data[k] = byte(rng.Uint32())
			}
			at, err := tape.Append(data)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, record{at, data})
		}
		var buf []byte
		for _, k := range rng.Perm(len(all)) {
			got, err := tape.Read(all[k].at, len(all[k].data), buf)
			if err != nil || !bytes.Equal(got, all[k].data) {
				t.Fatalf("memory %d, record %d: got other bytes, %v", memory, k, err)
			}
			buf = got
		}
		if _, err := tape.Read(tape.Size()-1, 2, nil); err == nil {
			t.Error("reading beyond the end: no error")
		}
		if err := tape.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestAFileLosesItsNameAsItIsMade(t *testing.T) {
	dir := t.TempDir()
	for name, open := range map[string]func(string) (*os.File, error){"usual": temp, "where the file system knows no nameless files": named} {
		f, err := open(dir)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		defer f.Close()
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("%s: the folder holds %v", name, left)
		}
		if _, err := f.WriteAt([]byte("x"), 5); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := temp(dir + "/missing"); err == nil {
		t.Error("a folder that is not there: no error")
	}
}

func TestWhatIsOnTheDiskCannotBeRead(t *testing.T) {
	tape := NewTape(t.TempDir(), 0)
	secret := bytes.Repeat([]byte("call 555 0100 "), chunkSize/14+1)
	if _, err := tape.Append(secret); err != nil {
		t.Fatal(err)
	}
	raw := make([]byte, tape.file.size)
	if _, err := tape.file.file.ReadAt(raw, 0); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte("555 0100")) {
		t.Error("a contact is on the disk in the clear")
	}
}

func TestADiskThatGivesBackSomethingElseIsNoticed(t *testing.T) {
	s := NewSorter(t.TempDir(), 1)
	for k := range uint32(3 * framePairs) {
		if err := s.Add(Pair{uint64(k) * 977, k}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.runs[0].file.WriteAt([]byte{0xff}, 200); err != nil {
		t.Fatal(err)
	}
	if err := s.Groups(func(uint64, []uint32) error { return nil }); err == nil {
		t.Error("a changed byte went unnoticed")
	}
}

func FuzzFrame(f *testing.F) {
	f.Add(appendFrame(nil, []Pair{{1, 2}, {1, 3}, {1 << 63, 4}}))
	f.Add([]byte{1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 2})
	f.Fuzz(func(t *testing.T, data []byte) {
		count, size, check, err := parseHead(data)
		if err != nil {
			return
		}
		body := data[frameHead:]
		if len(body) < size {
			return
		}
		pairs, err := parseBody(nil, body[:size], count, check)
		if err != nil {
			return
		}
		if !slices.IsSortedFunc(pairs, func(a, b Pair) int { return compare(Pair{Key: a.Key}, Pair{Key: b.Key}) }) || len(pairs) != count {
			t.Errorf("a frame of %d pairs gave %d, and keys may not descend", count, len(pairs))
		}
		again := appendFrame(nil, pairs)
		back, err := parseBody(nil, again[frameHead:], count, crcOf(again[frameHead:]))
		if err != nil || !slices.Equal(back, pairs) {
			t.Errorf("written and read again: %v, %v", back, err)
		}
	})
}

func crcOf(b []byte) uint32 { return crc32.Checksum(b, castagno) }
