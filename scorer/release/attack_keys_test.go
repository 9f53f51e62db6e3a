// SPDX-License-Identifier: Apache-2.0

package release_test

import (
	"bytes"
	"crypto/sha256"
	"testing"

	"lapwing/scorer/release"
	"lapwing/scorer/release/releasetest"
)

func TestThresholdsCountDifferentKeys(t *testing.T) {
	p, _, list := world(t)
	p.Publish(list[1], start+day)
	text := p.Release.Text()
	s := p.Signers[release.ReleaseRole]
	stranger := releasetest.NewSigner("stranger")
	twin := releasetest.NewSigner(s[1].Key.Name + "x")
	twin.Key.Name, twin.Key.ID = s[1].Key.Name, s[1].Key.ID
	for name, c := range map[string]struct {
		note []byte
		want release.Fault
	}{
		"one less":                   {releasetest.Sign(text, s[0]), release.TooFewSignatures},
		"one key twice":              {releasetest.Sign(text, s[0], s[0]), release.TooFewSignatures},
		"one key and a stranger":     {releasetest.Sign(text, s[0], stranger), release.TooFewSignatures},
		"strangers only":             {releasetest.Sign(text, stranger, releasetest.NewSigner("x")), release.TooFewSignatures},
		"keys of other roles":        {releasetest.Sign(text, append(p.Signers[release.HeadRole], p.Signers[release.RootRole]...)...), release.TooFewSignatures},
		"another key's name and id":  {releasetest.Sign(text, s[0], twin), release.BadSignature},
		"no signature":               {[]byte(text), release.Malformed},
		"a signature of other words": {append([]byte(text+"\n"), s[0].Line(text)+s[1].Line("other\n")...), release.BadSignature},
	} {
		t.Run(name, func(t *testing.T) {
			p.AddNote(c.note, p.Release.Version)
			p.SignHead(start + 2*day)
			d := releasetest.NewDevice(p)
			refused(t, d, d.Poll(p.Serve, start+2*day), release.ARelease, c.want, list[0])
		})
	}
	p.AddNote(releasetest.Sign(text, stranger, s[2], stranger, s[0]), p.Release.Version)
	p.SignHead(start + 2*day)
	d := releasetest.NewDevice(p)
	check(t, d, d.Poll(p.Serve, start+2*day), release.Updated, list[1])
}

func TestHeadNeedsItsKey(t *testing.T) {
	p, d, list := world(t)
	p.Publish(list[1], start+day)
	for _, signers := range [][]releasetest.Signer{{releasetest.NewSigner("stranger")}, p.Signers[release.ReleaseRole], p.Signers[release.RootRole]} {
		head := releasetest.Sign(p.Head.Text(), signers...)
		refused(t, d, d.Poll(instead(p, release.HeadPath, head), start+day), release.AHead, release.TooFewSignatures, list[0])
	}
}

func TestReleaseIsNoHeadAndTheOtherWayRound(t *testing.T) {
	p, d, list := world(t)
	p.Publish(list[1], start+day)
	note := p.Tree[release.ObjectPath(p.Head.Hash)]
	refused(t, d, d.Poll(instead(p, release.HeadPath, note), start+day), release.AHead, release.Malformed, list[0])
	head := releasetest.Sign(p.Head.Text(), p.Threshold(release.ReleaseRole)...)
	p.AddNote(head, 2)
	p.SignHead(start + day)
	refused(t, d, d.Poll(p.Serve, start+day), release.ARelease, release.Malformed, list[0])
}

func TestLogMustHaveTheRelease(t *testing.T) {
	p, d, list := world(t)
	p.Publish(list[1], start+day)
	path := release.ProofPath(p.Head.Hash)
	secret := &releasetest.Log{Origin: p.Log.Origin, Signer: releasetest.NewSigner("secret")}
	other := &releasetest.Log{Origin: "other.example", Signer: p.Log.Signer}
	note := p.Tree[release.ObjectPath(p.Head.Hash)]
	for name, c := range map[string]struct {
		proof []byte
		want  release.Fault
	}{
		"no proof":              {nil, release.Unreachable},
		"of another release":    {p.Log.Proof(0), release.NotInLog},
		"of a log nobody knows": {secret.Proof(secret.Append(note)), release.TooFewSignatures},
		"of another log":        {other.Proof(other.Append(note)), release.WrongName},
		"empty":                 {[]byte{}, release.Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, d, d.Poll(instead(p, path, c.proof), start+day), release.AProof, c.want, list[0])
		})
	}
}

func TestSplitViewIsNoticed(t *testing.T) {
	p, d, list := world(t)
	// The log's key signs one history for everybody and another one for us.
	fork := &releasetest.Log{Origin: p.Log.Origin, Signer: p.Log.Signer, Entries: [][]byte{[]byte("x"), []byte("y")}}
	p.Publish(list[1], start+day)
	forked := fork.Proof(fork.Append(p.Tree[release.ObjectPath(p.Head.Hash)]))
	r := d.Poll(instead(p, release.ProofPath(p.Head.Hash), forked), start+day)
	check(t, d, r, release.Updated, list[1]) // first contact: three entries, whichever
	p.Publish(list[2], start+2*day)          // three entries in the log that others see
	refused(t, d, d.Poll(p.Serve, start+2*day), release.AProof, release.SplitView, list[1])
	small := &releasetest.Log{Origin: p.Log.Origin, Signer: p.Log.Signer}
	short := small.Proof(small.Append(p.Tree[release.ObjectPath(p.Head.Hash)]))
	r = d.Poll(instead(p, release.ProofPath(p.Head.Hash), short), start+2*day)
	refused(t, d, r, release.AProof, release.RolledBack, list[1])
}

func TestOtherListAndOtherProgramAreRefused(t *testing.T) {
	p, d, list := world(t)
	other := *list[1]
	other.Name = "other"
	p.Packs = nil
	p.Publish(&other, start+day)
	refused(t, d, d.Poll(p.Serve, start+day), release.ARelease, release.WrongName, list[0])
	p, d, list = world(t)
	p.Publish(list[1], start+day)
	p.Release.Requires = "1.0.1"
	p.SignRelease(p.Release, start+2*day)
	refused(t, d, d.Poll(p.Serve, start+2*day), release.ARelease, release.NeedsProgram, list[0])
	d.Packaged.Program = "1.1"
	check(t, d, d.Poll(p.Serve, start+2*day), release.Updated, list[1])
}

func TestSignedNonsenseIsNotUsed(t *testing.T) {
	p, d, list := world(t)
	p.Publish(list[1], start+day)
	p.Release.Deltas, p.Release.Pack = nil, p.Put([]byte("LAPWING\x01 but no pack"))
	p.SignRelease(p.Release, start+2*day)
	refused(t, d, d.Poll(p.Serve, start+2*day), release.APack, release.BadContent, list[0])
}

func TestRootNeedsOldAndNewThreshold(t *testing.T) {
	p, _, list := world(t)
	old := p.Threshold(release.RootRole)
	p.Replace(release.RootRole, "new")
	p.Rotate(start + day)
	p.Publish(list[1], start+day)
	fresh := p.Threshold(release.RootRole)
	text := p.Root.Text()
	unknownRole := bytes.Replace([]byte(text), []byte("role head"), []byte("role mirror 1\nrole head"), 1)
	skip := *p.Root
	skip.Version = 3
	for name, c := range map[string]struct {
		note []byte
		want release.Fault
	}{
		"only by the new keys":    {releasetest.Sign(text, fresh...), release.TooFewSignatures},
		"only by the old keys":    {releasetest.Sign(text, old...), release.TooFewSignatures},
		"one old key less":        {releasetest.Sign(text, append(fresh, old[:2]...)...), release.TooFewSignatures},
		"one new key less":        {releasetest.Sign(text, append(old, fresh[:2]...)...), release.TooFewSignatures},
		"with an unknown role":    {releasetest.Sign(string(unknownRole), append(old, fresh...)...), release.Malformed},
		"of the next version":     {releasetest.Sign(skip.Text(), append(old, fresh...)...), release.WrongVersion},
		"of the version before":   {p.Tree[release.RootPath(1)], release.WrongVersion},
		"of a later format":       {bytes.Replace(releasetest.Sign(text, append(old, fresh...)...), []byte("root v1"), []byte("root v2"), 1), release.UnknownFormat},
		"with a changed key role": {bytes.Replace(p.Tree[release.RootPath(2)], []byte("role root 3"), []byte("role root 2"), 1), release.BadSignature},
	} {
		t.Run(name, func(t *testing.T) {
			d := releasetest.NewDevice(p)
			refused(t, d, d.Poll(instead(p, release.RootPath(2), c.note), start+day), release.ARoot, c.want, list[0])
			check(t, d, d.Poll(p.Serve, start+day), release.Updated, list[1])
		})
	}
}

func hashOf(b []byte) release.Hash { return sha256.Sum256(b) }
