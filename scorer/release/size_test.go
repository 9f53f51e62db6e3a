// SPDX-License-Identifier: Apache-2.0

package release_test

import (
	"strconv"
	"testing"

	"lapwing/scorer/pack/packtest"
	"lapwing/scorer/release"
	"lapwing/scorer/release/releasetest"
)

// TestADayIsSmall adds up what a client transfers on a day with one release.
func TestADayIsSmall(t *testing.T) {
	last := packtest.Generate(1, 10_000)
	p := releasetest.NewPublisher(last, start)
	for i := range 400 { // a year of releases in the log
		p.Log.Append([]byte("release " + strconv.Itoa(i)))
	}
	for i := range 4 {
		last = packtest.NextDay(last, uint64(i))
		p.Publish(last, start+int64(i+1)*day)
	}
	head := len(p.Tree[release.HeadPath])
	note := len(releasetest.Gzip(p.Tree[release.ObjectPath(p.Head.Hash)]))
	proof := len(p.Tree[release.ProofPath(p.Head.Hash)])
	delta := p.Release.Deltas[0].Gzip
	t.Logf("4 heads of %d, release %d (gzip'd), proof %d, delta %d (gzip'd): %d bytes a day; the whole pack: %d",
		head, note, proof, delta, 4*head+note+proof+delta, p.Release.Pack.Gzip)
	if head >= 300 {
		t.Errorf("a head takes %d bytes, want less than 300", head)
	}
	if sum := 4*head + note + proof + delta; sum > 3600 {
		t.Errorf("a day takes %d bytes, want at most 3600", sum)
	}
}

// BenchmarkVerify is all of an update but its content: head, release, proof.
func BenchmarkVerify(b *testing.B) {
	p := releasetest.NewPublisher(tiny(1), start)
	for i := range 400 {
		p.Log.Append([]byte(strconv.Itoa(i)))
	}
	p.Publish(tiny(2), start+day)
	for b.Loop() {
		c, err := release.New(p.Packaged, nil)
		if err != nil {
			b.Fatal(err)
		}
		u := c.Update(start+day, false)
		for w, more := u.Next(); more && w.Object != release.APack; w, more = u.Next() {
			body, _ := p.Serve(w.Path)
			u.Got(body)
		}
	}
}
