// SPDX-License-Identifier: Apache-2.0

package release

// Update is one attempt to get a newer list. Ask Next what is wanted, answer
// with Got or Failed, until nothing is wanted; then Result.
//
//	u := c.Update(now)
//	for w, more := u.Next(); more; w, more = u.Next() {
//		if body, err := fetch(w); err != nil { u.Failed() } else { u.Got(body) }
//	}
//	result := u.Result()
//
// Nothing is lost when the program dies half-way: the next attempt starts
// again from what was stored.
type Update struct {
	c     *Client
	local int64
	lost  bool // the stored pack is to be fetched again
	step  func(body []byte, ok bool)
	want  Want

	result   Result
	roots    int // rotations followed so far
	headNote []byte
	claimed  *Head  // what headNote says, before anybody vouches for it
	head     *Head  // the same, found to be good
	note     []byte // of the release
	release  *Release
	pack     []byte // the new one's bytes; nil: the one in use stays
	old      []byte
	delta    Delta
	changed  bool // there is something to store
}

// Want is what a client needs next.
type Want struct {
	Object Object
	// Path is below the address of the tree. For a stored pack it is empty: the
	// host gives the bytes of the pack in use, or says Failed.
	Path string
	// MaxBytes is the length that must not be exceeded; a host stops reading at
	// once and says Failed. What decompresses must stop there, too.
	MaxBytes int
	// Gzip is the length of the same object at Path with ".gz" behind, which a
	// host may fetch and decompress instead; 0: there is none.
	Gzip int
}

// Stored says whether the host is asked for the pack that it has.
func (w Want) Stored() bool { return w.Path == "" }

// Outcome is how an update ended.
type Outcome uint8

// The outcomes.
const (
	Kept     Outcome = iota // nothing new could be taken; Result.Err says why
	UpToDate                // the list in use is the newest one
	Updated                 // a newer list is in use, once Result.Save is stored
)

var outcomeNames = [...]string{"kept", "up to date", "updated"}

func (o Outcome) String() string {
	if int(o) < len(outcomeNames) {
		return outcomeNames[o]
	}
	return ""
}

// Result is what came out of an update.
type Result struct {
	Outcome Outcome
	Err     *Error // why the old list was kept, or nil
	// Save is to be stored as one, or not at all; nil: nothing has changed.
	Save *Saved
	// Whole says that a delta was published but did not lead to the release, so
	// that the full pack was fetched.
	Whole bool
	// Poll is how many seconds the signed head asks to wait before the next
	// look; 0: it does not say.
	Poll   int64
	Status Status
}

// Saved is what a host stores.
type Saved struct {
	State []byte // for New
	Pack  []byte // encoded pack, to replace the stored one; nil: it stays
}

// Update begins an attempt at a local time, in Unix seconds. lost says that the
// host has the pack in use no more, or that it is damaged.
func (c *Client) Update(local int64, lost bool) *Update {
	u := &Update{c: c, local: local, lost: lost}
	c.ahead = false
	u.ask(Want{Object: AHead, Path: HeadPath, MaxBytes: MaxNote}, u.gotHead)
	return u
}

// Next says what is wanted, if anything is.
func (u *Update) Next() (Want, bool) { return u.want, u.step != nil }

// Got brings what was wanted. The client may keep body: it must not be changed.
func (u *Update) Got(body []byte) {
	if u.step == nil {
		return
	}
	step, want := u.step, u.want
	u.step = nil
	if len(body) > want.MaxBytes && !want.Stored() {
		u.tooLong(step, want, len(body))
		return
	}
	step(body, true)
}

// tooLong is worth the full pack where a delta is concerned, else the end.
func (u *Update) tooLong(step func([]byte, bool), want Want, n int) {
	if want.Object == ADelta || want.Object == AnOlder {
		step(nil, false)
		return
	}
	u.keep(&Error{want.Object, WrongLength, int64(n), int64(want.MaxBytes)})
}

// Failed says that what was wanted cannot be had, or is longer than MaxBytes.
func (u *Update) Failed() {
	if u.step == nil {
		return
	}
	step := u.step
	u.step = nil
	step(nil, false)
}

// Result is what came out, once nothing is wanted any more.
func (u *Update) Result() Result { return u.result }

func (u *Update) ask(w Want, step func([]byte, bool)) { u.want, u.step = w, step }

func (u *Update) askBlob(o Object, b Blob, step func([]byte, bool)) {
	u.ask(Want{Object: o, Path: ObjectPath(b.Hash), MaxBytes: b.Length, Gzip: b.Gzip}, step)
}

// keep ends the update with the old list.
func (u *Update) keep(err *Error) { u.end(Kept, err) }

func (u *Update) end(o Outcome, err *Error) {
	u.step = nil
	c := u.c
	u.result.Outcome, u.result.Err = o, err
	if u.changed {
		u.result.Save = &Saved{State: c.state.encode(), Pack: u.pack}
		c.damage = nil
	}
	if u.head != nil {
		u.result.Poll = u.head.Poll
	}
	u.result.Status = c.Status(u.local)
}

// gotHead reads which root the head speaks of, without believing anything else
// yet: only the newest root knows whose word a head is.
func (u *Update) gotHead(body []byte, ok bool) {
	if !ok {
		u.keep(fault(AHead, Unreachable))
		return
	}
	n, ok := ParseNote(body)
	if !ok {
		u.keep(fault(AHead, Malformed))
		return
	}
	head, err := parseHead(n.Text)
	if err != nil {
		u.keep(err)
		return
	}
	u.headNote, u.claimed = body, head
	u.nextRoot()
}

// nextRoot follows the roots one by one, then turns to the head.
func (u *Update) nextRoot() {
	if u.claimed.Root > u.c.root.Version && u.roots < maxRoots {
		u.roots++
		u.ask(Want{Object: ARoot, Path: RootPath(u.c.root.Version + 1), MaxBytes: MaxNote}, u.gotRoot)
		return
	}
	if now := u.c.clock(u.local); now >= u.c.root.Expires {
		u.keep(&Error{ARoot, Expired, now, u.c.root.Expires})
		return
	}
	if err := u.checkHead(u.claimed); err != nil {
		u.keep(err)
		return
	}
	u.head = u.claimed
	u.turnToRelease()
}

// remember keeps the head, so that no older one is believed after it. It comes
// after the release's keys have vouched for what it names: whoever has stolen the
// head's key can serve what is already signed, and cannot make clients wait for a
// version that will never be. Nor for a day: what is dated further ahead than
// clocks differ is of use now, and then forgotten.
func (u *Update) remember() {
	c := u.c
	if u.head.Issued > max(u.local, c.built)+skew {
		c.ahead = true
		return
	}
	if c.head == nil || *c.head != *u.head {
		c.head, c.state.head = u.head, u.headNote
		u.changed = true
	}
}

// clock is the client's, and not before the head was signed.
func (u *Update) clock() int64 { return max(u.c.clock(u.local), u.head.Issued) }

func (u *Update) gotRoot(body []byte, ok bool) {
	if !ok {
		u.keep(fault(ARoot, Unreachable))
		return
	}
	root, err := openRoot(body, u.c.root)
	if err != nil {
		u.keep(err)
		return
	}
	u.c.rotate(root, body)
	u.changed = true
	u.nextRoot()
}

// checkHead holds a head against the newest root, the clock and the head before.
func (u *Update) checkHead(h *Head) *Error {
	c := u.c
	if _, err := open(AHead, u.headNote, c.root.Roles[HeadRole]); err != nil {
		return err
	}
	if h.Expires-h.Issued > HeadLife {
		return &Error{AHead, ValidTooLong, h.Expires - h.Issued, HeadLife}
	}
	if last := c.head; last != nil {
		switch {
		case h.Issued < last.Issued:
			return &Error{AHead, RolledBack, h.Issued, last.Issued}
		case h.Issued == last.Issued && (h.Version != last.Version || h.Hash != last.Hash):
			return &Error{AHead, TwoFaced, h.Issued, last.Issued}
		case h.Version < last.Version:
			return &Error{ARelease, RolledBack, int64(h.Version), int64(last.Version)}
		case h.Version == last.Version && h.Hash != last.Hash:
			return &Error{ARelease, TwoFaced, int64(h.Version), int64(last.Version)}
		}
	}
	if now := c.clock(u.local); now >= h.Expires {
		return &Error{AHead, Expired, now, h.Expires}
	}
	return u.checkCounter(h.Version, h.Hash)
}

// checkCounter refuses a release older than one that was seen or shipped.
func (u *Update) checkCounter(version uint32, note Hash) *Error {
	c := u.c
	least := max(c.state.released, int64(c.floor.Version))
	switch {
	case int64(version) < least:
		return &Error{ARelease, RolledBack, int64(version), least}
	case int64(version) == c.state.released && note != c.state.releasedAs:
		return &Error{ARelease, TwoFaced, int64(version), least}
	}
	return nil
}

// turnToRelease ends where the release in use is the one that head names, and
// all of it is there: what a program was shipped with has no intake keys.
func (u *Update) turnToRelease() {
	h, c := u.head, u.c
	if c.useNote == h.Hash && h.Version != c.use.Version {
		u.keep(&Error{ARelease, WrongVersion, int64(c.use.Version), int64(h.Version)})
		return
	}
	if c.useNote == h.Hash && !u.lost && (c.use.Intake.Length == 0 || hashOf(c.state.intake) == c.use.Intake.Hash) {
		u.remember()
		u.end(UpToDate, nil)
		return
	}
	u.ask(Want{Object: ARelease, Path: ObjectPath(h.Hash), MaxBytes: h.Length}, u.gotRelease)
}
