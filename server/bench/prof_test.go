package main
import "testing"
func BenchmarkMatch(b *testing.B) {
	c := load(2<<20)
	s, err := newScorer(phrases(c, 10000), 0)
	if err != nil { b.Fatal(err) }
	b.SetBytes(int64(c.bytes))
	for b.Loop() { for _, d := range c.docs { s.Matches(listing(d)) } }
}
func BenchmarkScore(b *testing.B) {
	c := load(2<<20)
	s, err := newScorer(phrases(c, 10000), 20000)
	if err != nil { b.Fatal(err) }
	b.SetBytes(int64(c.bytes))
	for b.Loop() { for _, d := range c.docs { s.Score(listing(d)) } }
}
