// SPDX-License-Identifier: Apache-2.0

package releasetest

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"strconv"

	"lapwing/scorer/pack"
	"lapwing/scorer/release"
)

// Day is a day in seconds.
const Day = 24 * 60 * 60

// Publisher holds all keys and writes a tree.
type Publisher struct {
	Signers [release.NumRoles][]Signer // in the newest root
	Root    *release.Root              // newest
	Log     *Log
	// Tree is what an honest server serves, by path.
	Tree map[string][]byte
	// Packaged is what a program would be shipped with, from the first release.
	Packaged release.Packaged
	// PackagedPack is that release's pack.
	PackagedPack []byte

	Release *release.Release // newest
	Head    *release.Head    // newest
	Packs   []*pack.Pack     // published, oldest first
	Intake  []byte           // what reports are sealed to; nil: nothing
	// Listed is how many deltas the note itself lists; further ones are in the
	// list of older ones.
	Listed int
}

// NewPublisher makes keys (3 of 5, 2 of 3, 1, 1), root 1, and a release of a
// pack, at a time in Unix seconds.
func NewPublisher(first *pack.Pack, now int64) *Publisher {
	p := &Publisher{Tree: map[string][]byte{}, Listed: 3, Root: &release.Root{Origin: "log.example/lapwing"}}
	p.Signers[release.RootRole] = signers("root", 5)
	p.Signers[release.ReleaseRole] = signers("release", 3)
	p.Signers[release.HeadRole] = signers("head", 1)
	p.Signers[release.LogRole] = signers("log", 1)
	for role, threshold := range [...]int{3, 2, 1, 1} {
		p.Root.Roles[role].Threshold = threshold
	}
	p.Log = &Log{Origin: p.Root.Origin, Signer: p.Signers[release.LogRole][0]}
	p.Rotate(now)
	note := p.Publish(first, now)
	p.PackagedPack = p.Tree[release.ObjectPath(p.Release.Pack.Hash)]
	p.Packaged = release.Packaged{Root: p.Tree[release.RootPath(1)], Release: note, Program: release.Program, Built: now}
	return p
}

func signers(name string, n int) []Signer {
	list := make([]Signer, n)
	for i := range list {
		list[i] = NewSigner(name + "-" + strconv.Itoa(i+1))
	}
	return list
}

// Replace gives a role new keys, for the next Rotate.
func (p *Publisher) Replace(role release.Role, name string) {
	p.Signers[role] = signers(name, len(p.Signers[role]))
	if role == release.LogRole {
		p.Log.Signer = p.Signers[role][0]
	}
}

// Rotate signs and publishes the next root with the present Signers.
func (p *Publisher) Rotate(now int64) {
	var before []Signer // of the root role so far
	for _, k := range p.Root.Roles[release.RootRole].Keys {
		before = append(before, NewSigner(k.Name))
	}
	root := *p.Root
	root.Version++
	root.Issued, root.Expires = now, now+400*Day
	for role, list := range p.Signers {
		root.Roles[role].Keys = nil
		for _, s := range list {
			root.Roles[role].Keys = append(root.Roles[role].Keys, s.Key)
		}
	}
	p.Root = &root
	all := p.Threshold(release.RootRole)
	for _, s := range before[:min(len(before), 3)] {
		all = addSigner(all, s)
	}
	p.Tree[release.RootPath(root.Version)] = Sign(root.Text(), all...)
	if p.Head != nil {
		p.SignHead(now)
	}
}

func addSigner(list []Signer, s Signer) []Signer {
	for _, have := range list {
		if have.Key == s.Key {
			return list
		}
	}
	return append(list, s)
}

// Threshold gives just as many signers of a role as must sign.
func (p *Publisher) Threshold(role release.Role) []Signer {
	return append([]Signer(nil), p.Signers[role][:p.Root.Roles[role].Threshold]...)
}

// Publish releases a pack with deltas from all those before, logs it, and
// points the head to it. It gives the release note.
func (p *Publisher) Publish(next *pack.Pack, now int64) []byte {
	b := must(pack.Encode(next))
	r := &release.Release{
		Name: next.Name, Version: next.Version, Issued: now, Expires: now + release.ReleaseLife,
		Requires: release.Requires, Pack: p.Put(b),
	}
	if p.Intake != nil {
		r.Intake = p.Put(p.Intake)
	}
	for i := len(p.Packs) - 1; i >= 0; i-- {
		delta := must(pack.Diff(p.Packs[i], next))
		r.Deltas = append(r.Deltas, release.Delta{From: p.Packs[i].Version, Blob: p.Put(delta)})
	}
	if len(r.Deltas) > p.Listed {
		r.Older = p.Put([]byte(release.OlderText(r.Deltas[p.Listed:])))
		r.Deltas = r.Deltas[:p.Listed]
	}
	p.Packs = append(p.Packs, next)
	return p.SignRelease(r, now)
}

// SignRelease signs any release, logs it, and points the head to it.
func (p *Publisher) SignRelease(r *release.Release, now int64) []byte {
	note := Sign(r.Text(), p.Threshold(release.ReleaseRole)...)
	p.Release = r
	p.AddNote(note, r.Version)
	p.SignHead(now)
	return note
}

// AddNote puts any release note into tree and log; the next SignHead names it.
func (p *Publisher) AddNote(note []byte, version uint32) {
	blob := p.Put(note)
	p.Tree[release.ProofPath(blob.Hash)] = p.Log.Proof(p.Log.Append(note))
	p.Head = &release.Head{Version: version, Length: len(note), Hash: blob.Hash}
}

// SignHead says once more which release is newest.
func (p *Publisher) SignHead(now int64) {
	p.Head.Root, p.Head.Issued, p.Head.Expires = p.Root.Version, now, now+release.HeadLife
	p.Tree[release.HeadPath] = Sign(p.Head.Text(), p.Threshold(release.HeadRole)...)
}

// Put adds an object to the tree.
func (p *Publisher) Put(b []byte) release.Blob {
	blob := release.Blob{Length: len(b), Hash: sha256.Sum256(b)}
	if gz := Gzip(b); len(gz) < len(b) {
		blob.Gzip = len(gz)
	}
	p.Tree[release.ObjectPath(blob.Hash)] = b
	return blob
}

// Serve is the honest server.
func (p *Publisher) Serve(path string) ([]byte, bool) {
	b, ok := p.Tree[path]
	return b, ok
}

// Gzip compresses as a publisher does.
func Gzip(b []byte) []byte {
	var buf bytes.Buffer
	w := must(gzip.NewWriterLevel(&buf, 9))
	must(w.Write(b))
	if err := w.Close(); err != nil {
		panic(err)
	}
	return buf.Bytes()
}

func must[T any](v T, err error) T {
	if err != nil {
		panic("releasetest: " + err.Error()) // what it is given is wrong
	}
	return v
}
