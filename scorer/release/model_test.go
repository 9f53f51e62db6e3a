// SPDX-License-Identifier: Apache-2.0

package release_test

import (
	"maps"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"lapwing/scorer/pack"
	"lapwing/scorer/release"
	"lapwing/scorer/release/releasetest"
)

// TestRandomHistoriesFollowTheRules drives a publisher, a server that shows any
// past, and a browser that dies at any moment, and holds each outcome against
// the rules as reference writes them down: with whole numbers instead of
// notes, keys and hashes.
func TestRandomHistoriesFollowTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newModel()
		t.Repeat(map[string]func(*rapid.T){
			"publish":       m.publish,
			"claim":         m.claim,
			"date ahead":    m.dateAhead,
			"set the clock": m.setClock,
			"sign the head": m.signHead,
			"rotate":        m.rotate,
			"wait":          m.wait,
			"poll":          m.poll,
			"die":           m.die,
		})
	})
}

// epochs count how often each role has got new keys.
type epochs [release.NumRoles]int

// view is what the tree says at one time, and the tree.
type view struct {
	root    int // newest
	version int // that the head names
	note    int // which note: each has a number; 0: one that does not exist
	issued  int64
	epochs  epochs // that signed the head and the notes so far
	noteBy  int    // epoch of the release keys that signed the note
	noteAt  int64  // when
	logSize int
	tree    map[string][]byte
}

// reference is the client in the model.
type reference struct {
	root       int
	head       *view // newest remembered under its keys
	released   int   // highest version under its keys
	releasedAs int
	logSize    int
	use, note  int // version and note in use
}

type model struct {
	now      int64
	slow     int64 // how far the browser's clock is behind
	pub      *releasetest.Publisher
	dev      *releasetest.Device
	ref      reference
	views    []view // all that was ever published
	epochs   epochs
	rootBy   []epochs // of each root
	rootAt   []int64
	notes    int
	last     int // version of the newest release
	replaced int
}

func newModel() *model {
	m := &model{now: start, pub: releasetest.NewPublisher(tiny(1), start), notes: 1, last: 1,
		rootBy: []epochs{{}, {}}, rootAt: []int64{0, start}}
	m.dev = releasetest.NewDevice(m.pub)
	m.ref = reference{root: 1, use: 1, note: 1}
	m.views = []view{{root: 1, version: 1, note: 1, issued: start, noteAt: start, logSize: 1}}
	m.keep()
	return m
}

// keep remembers the tree as it is now.
func (m *model) keep() {
	v := &m.views[len(m.views)-1]
	v.tree = maps.Clone(m.pub.Tree)
	v.epochs = m.epochs
}

// next is a copy of the newest view, to be changed.
func (m *model) next() *view {
	m.now++
	m.views = append(m.views, m.views[len(m.views)-1])
	v := &m.views[len(m.views)-1]
	v.root, v.issued = len(m.rootBy)-1, m.now
	return v
}

func (m *model) publish(*rapid.T) {
	v := m.next()
	m.last++
	m.notes++
	m.pub.Publish(tiny(uint32(m.last)), m.now)
	*v = view{root: v.root, version: m.last, note: m.notes, issued: m.now, noteBy: m.epochs[release.ReleaseRole], noteAt: m.now, logSize: v.logSize + 1}
	m.keep()
}

// claim is what a thief of the head's key can do: name any version.
func (m *model) claim(t *rapid.T) {
	v := m.next()
	honest := *m.pub.Head
	v.version = m.last + rapid.IntRange(-1, 3).Draw(t, "version")
	if v.version < 1 {
		v.version = 1
	}
	v.note = 0
	m.pub.Head.Version, m.pub.Head.Hash = uint32(v.version), release.Hash{byte(m.now), byte(m.now >> 8), byte(m.now >> 16), 1}
	m.pub.SignHead(m.now)
	m.keep()
	// The owner is back.
	*m.pub.Head = honest
	m.signHead(t)
	w := &m.views[len(m.views)-1]
	for i := len(m.views) - 1; i >= 0; i-- {
		if m.views[i].note != 0 {
			w.version, w.note, w.noteBy, w.noteAt, w.logSize = m.views[i].version, m.views[i].note, m.views[i].noteBy, m.views[i].noteAt, m.views[i].logSize
			break
		}
	}
}

// dateAhead is the other thing that such a thief can do.
func (m *model) dateAhead(t *rapid.T) {
	now := m.now
	m.now += rapid.Int64Range(1, 400*day).Draw(t, "ahead")
	m.next()
	m.pub.SignHead(m.now)
	m.keep()
	m.now = now
	m.signHead(t) // the owner is back
}

func (m *model) setClock(t *rapid.T) {
	m.slow = rapid.SampledFrom([]int64{0, 0, 3600, day, 2 * day, 300 * day}).Draw(t, "slow")
}

func (m *model) signHead(*rapid.T) {
	m.next()
	m.pub.SignHead(m.now)
	m.keep()
}

func (m *model) rotate(t *rapid.T) {
	role := release.Role(rapid.IntRange(0, int(release.NumRoles)-1).Draw(t, "role"))
	m.replaced++
	m.pub.Replace(role, role.String()+"-"+strconv.Itoa(m.replaced))
	m.epochs[role] = m.replaced
	m.rootBy, m.rootAt = append(m.rootBy, m.epochs), append(m.rootAt, m.now+1)
	m.next()
	m.pub.Rotate(m.now)
	m.keep()
}

func (m *model) wait(t *rapid.T) { m.now += rapid.Int64Range(1, 120*day).Draw(t, "seconds") }

// drawView picks what the server shows, mostly the present.
func (m *model) drawView(t *rapid.T) view {
	i := len(m.views) - 1
	if rapid.IntRange(0, 2).Draw(t, "past") == 0 {
		i = rapid.IntRange(0, i).Draw(t, "view")
	}
	return m.views[i]
}

func (m *model) poll(t *rapid.T) {
	v := m.drawView(t)
	serve := func(path string) ([]byte, bool) { b, ok := v.tree[path]; return b, ok }
	outcome, object, fault := m.ref.update(m, v)
	r := m.dev.Poll(serve, m.now-m.slow)
	if r.Outcome != outcome || outcome == release.Kept && (r.Err.Object != object || r.Err.Fault != fault) {
		t.Fatalf("got %v (%v), want %v (%v: %v)", r.Outcome, r.Err, outcome, object, fault)
	}
	m.compare(t)
}

// die starts a poll that nobody finishes: nothing may have changed.
func (m *model) die(t *rapid.T) {
	v := m.drawView(t)
	serve := func(path string) ([]byte, bool) { b, ok := v.tree[path]; return b, ok }
	if _, done := m.dev.PollUntil(serve, m.now-m.slow, rapid.IntRange(0, 4).Draw(t, "answers")); done {
		m.ref.update(m, v)
	}
	m.compare(t)
}

func (m *model) compare(t *rapid.T) {
	s := m.dev.Status(m.now)
	if int(s.Version) != m.ref.use {
		t.Fatalf("release %d is in use, want %d", s.Version, m.ref.use)
	}
	p, err := pack.Decode(m.dev.InUse())
	if err != nil || int(p.Version) != m.ref.use {
		t.Fatalf("the pack in use: %v, version %d, want %d", err, p.Version, m.ref.use)
	}
}

// update says how an update from a view must end.
func (c *reference) update(m *model, v view) (release.Outcome, release.Object, release.Fault) {
	kept := func(o release.Object, f release.Fault) (release.Outcome, release.Object, release.Fault) {
		return release.Kept, o, f
	}
	c.follow(m, v.root)
	local := m.now - m.slow
	now := max(local, start)
	if c.head != nil {
		now = max(now, c.head.issued)
	}
	keys := m.rootBy[c.root]
	switch {
	case now >= m.rootAt[c.root]+400*day:
		return kept(release.ARoot, release.Expired)
	case v.epochs[release.HeadRole] != keys[release.HeadRole]:
		return kept(release.AHead, release.TooFewSignatures)
	case c.head != nil && v.issued < c.head.issued:
		return kept(release.AHead, release.RolledBack)
	case c.head != nil && v.version < c.head.version:
		return kept(release.ARelease, release.RolledBack)
	case c.head != nil && v.version == c.head.version && v.note != c.head.note:
		return kept(release.ARelease, release.TwoFaced)
	case now >= v.issued+release.HeadLife:
		return kept(release.AHead, release.Expired)
	case v.version < max(c.released, 1):
		return kept(release.ARelease, release.RolledBack)
	case v.version == c.released && v.note != c.releasedAs:
		return kept(release.ARelease, release.TwoFaced)
	}
	// A head is remembered once its note was found good, unless it is ahead of time.
	head := c.head
	if v.issued <= max(local, start)+day {
		head = &v
	}
	now = max(now, v.issued)
	switch {
	case v.note == c.note:
		c.head = head
		return release.UpToDate, 0, 0
	case v.note == 0:
		return kept(release.ARelease, release.Unreachable)
	case v.noteBy != keys[release.ReleaseRole]:
		return kept(release.ARelease, release.TooFewSignatures)
	}
	c.head = head
	switch {
	case now >= v.noteAt+release.ReleaseLife:
		return kept(release.ARelease, release.Expired)
	}
	if fault := c.checkLog(m, v); fault != release.NoFault {
		return kept(release.AProof, fault)
	}
	c.logSize, c.released, c.releasedAs = v.logSize, v.version, v.note
	c.use, c.note = v.version, v.note
	return release.Updated, 0, 0
}

// follow takes the roots up to one, and forgets what its predecessors' keys counted.
func (c *reference) follow(m *model, root int) {
	for c.root < root {
		old, next := m.rootBy[c.root], m.rootBy[c.root+1]
		c.root++
		if old[release.HeadRole] != next[release.HeadRole] {
			c.head = nil
		}
		if old[release.ReleaseRole] != next[release.ReleaseRole] {
			c.head, c.released, c.releasedAs = nil, 0, 0
		}
		if old[release.LogRole] != next[release.LogRole] {
			c.logSize = 0
		}
	}
}

// checkLog knows that a note's proof was signed with the keys of its time.
func (c *reference) checkLog(m *model, v view) release.Fault {
	signedBy := m.rootBy[c.rootAtTime(m, v.noteAt)][release.LogRole]
	switch {
	case signedBy != m.rootBy[c.root][release.LogRole]:
		return release.TooFewSignatures
	case v.logSize < c.logSize:
		return release.RolledBack
	}
	return release.NoFault
}

// rootAtTime is the root that was newest at a time.
func (c *reference) rootAtTime(m *model, at int64) int {
	root := 1
	for i := 1; i < len(m.rootAt); i++ {
		if m.rootAt[i] <= at {
			root = i
		}
	}
	return root
}
