// SPDX-License-Identifier: Apache-2.0

package scorer_test

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"testing"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/scorer/pack/packtest"
)

func withWording(t testing.TB) *pack.Pack {
	p := varied(t)
	p.Wording = []pack.Wording{packtest.Wording(1, 500)}
	p.Wording[0].Kinds = 0xffff
	p.Wording[0].Doc, p.Wording[0].Window = [2]int32{10, 20}, [2]int32{10, 20}
	return p
}

func TestAnImageGivesTheSameVerdicts(t *testing.T) {
	s := mustNew(t, withWording(t))
	image := s.Image()
	loaded, err := scorer.Load(image)
	if err != nil {
		t.Fatal(err)
	}
	if again := loaded.Image(); !bytes.Equal(again, image) {
		t.Errorf("the image of a loaded list has %d bytes, want the same %d", len(again), len(image))
	}
	r := rand.New(rand.NewPCG(8, 9))
	for range 2000 {
		l := randomListing(r, 12)
		if v, w := s.Score(l), loaded.Score(l); !reflect.DeepEqual(v, w) {
			t.Fatalf("%q: %+v, from the image %+v: a cold worker must say the same", l.Text, v, w)
		}
	}
}

func FuzzLoad(f *testing.F) {
	image := mustNew(f, withWording(f)).Image()
	f.Add(image)
	f.Add(image[:len(image)/2])
	texts := []string{"we will keep your passport 12 hours a day", "p a s s p o r t +380 44 123 45 67", "扣押你们的护照"}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := scorer.Load(data)
		if err != nil {
			return
		}
		for _, text := range texts {
			checkVerdict(t, body(text), s.Score(body(text)))
		}
	})
}

func TestEveryByteOfAnImageMayBeWrong(t *testing.T) {
	image := mustNew(t, varied(t)).Image()
	l := body("we will keep your passport, pay $200 first, add me on WhatsApp, 12 hours a day 扣押你们的护照")
	for i := range image {
		for _, x := range []byte{1, 0x80} {
			bad := bytes.Clone(image)
			bad[i] ^= x
			if s, err := scorer.Load(bad); err == nil {
				s.Score(l) // may be another verdict, never a panic
			}
		}
	}
}
