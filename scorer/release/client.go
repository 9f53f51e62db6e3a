// SPDX-License-Identifier: Apache-2.0

package release

// Packaged is what a program was shipped with. It is trusted, since it came as
// the program itself did; so is what the program has stored.
type Packaged struct {
	Root    []byte // signed root note
	Release []byte // signed release note; its pack is shipped, too
	Program string // the program's own version, as 1.2.0
	Built   int64  // when it was built, Unix seconds
}

// Client knows which list to trust and, with Update, how to get a newer one.
// It does nothing by itself: whoever holds it fetches, stores and shows.
type Client struct {
	program program
	built   int64
	root    *Root
	floor   *Release // of the package
	use     *Release // in use: floor, or a later one
	useNote Hash     // of the note of use
	shipped Hash     // of the note of floor
	head    *Head    // newest remembered, or nil
	ahead   bool     // the last update's head was dated too far ahead to be remembered
	state   state
	damage  *Error
}

// New reads what the program was shipped with and what Saved.State said last;
// nil stands for a client that has stored nothing yet. Stored bytes that are
// damaged are dropped for the packaged list, and Status says so. An error
// means that the package is unusable.
func New(p Packaged, stored []byte) (*Client, error) {
	c := &Client{built: p.Built}
	if err := c.unpack(p); err != nil {
		return nil, err
	}
	if len(stored) > 0 {
		if err := c.restore(stored, p); err != nil {
			c.damage = fault(TheState, Damaged)
		}
	}
	return c, nil
}

// unpack starts from the package alone.
func (c *Client) unpack(p Packaged) *Error {
	var ok bool
	if c.program, ok = parseProgram(p.Program); !ok {
		return fault(ThePackage, Malformed)
	}
	root, release, err := p.parse()
	if err != nil {
		return err
	}
	c.root, c.floor, c.use = root, release, release
	c.shipped = hashOf(p.Release)
	c.useNote = c.shipped
	set := root.Roles[ReleaseRole].set()
	c.state = state{root: p.Root, useSet: set, releaseSet: set, logSet: root.Roles[LogRole].set()}
	return nil
}

func (p Packaged) parse() (*Root, *Release, *Error) {
	n, ok := ParseNote(p.Root)
	if !ok {
		return nil, nil, fault(ARoot, Malformed)
	}
	root, err := parseRoot(n.Text)
	if err != nil {
		return nil, nil, err
	}
	if n, ok = ParseNote(p.Release); !ok {
		return nil, nil, fault(ARelease, Malformed)
	}
	release, err := parseRelease(n.Text)
	return root, release, err
}

// Verify checks the signatures of a package, which New takes for granted. It is
// for whoever builds a program.
func (p Packaged) Verify() error {
	root, err := openRoot(p.Root, nil)
	if err != nil {
		return err
	}
	if _, err = open(ARelease, p.Release, root.Roles[ReleaseRole]); err != nil {
		return err
	}
	if _, _, err = p.parse(); err != nil {
		return err
	}
	return nil
}

// openRoot reads a root note that its own keys have signed, and those of the
// root before it, if there is one.
func openRoot(b []byte, before *Root) (*Root, *Error) {
	if len(b) > MaxNote {
		return nil, &Error{ARoot, WrongLength, int64(len(b)), MaxNote}
	}
	n, ok := ParseNote(b)
	if !ok {
		return nil, fault(ARoot, Malformed)
	}
	root, err := parseRoot(n.Text)
	if err != nil {
		return nil, err
	}
	if before != nil {
		if root.Version != before.Version+1 {
			return nil, &Error{ARoot, WrongVersion, int64(root.Version), int64(before.Version) + 1}
		}
		if err := n.signedBy(ARoot, before.Roles[RootRole]); err != nil {
			return nil, err
		}
	}
	return root, n.signedBy(ARoot, root.Roles[RootRole])
}

// restore puts what was stored on top of the package, or changes nothing.
func (c *Client) restore(stored []byte, p Packaged) *Error {
	s, ok := decodeState(stored)
	if !ok {
		return fault(TheState, Damaged)
	}
	n, ok := ParseNote(s.root)
	if !ok {
		return fault(TheState, Damaged)
	}
	root, err := parseRoot(n.Text)
	if err != nil {
		return err
	}
	var head *Head
	if len(s.head) > 0 {
		n, ok := ParseNote(s.head)
		if !ok {
			return fault(TheState, Damaged)
		}
		if head, err = parseHead(n.Text); err != nil {
			return err
		}
	}
	use, useNote := c.floor, c.shipped
	if len(s.release) > 0 {
		n, ok := ParseNote(s.release)
		if !ok {
			return fault(TheState, Damaged)
		}
		if use, err = parseRelease(n.Text); err != nil {
			return err
		}
		if use.Name != c.floor.Name {
			return fault(TheState, WrongName)
		}
		useNote = hashOf(s.release)
	}
	packaged := c.root
	c.state, c.root, c.head, c.use, c.useNote = s, root, head, use, useNote
	if packaged.Version > root.Version {
		c.rotate(packaged, p.Root)
		// A program that came with other keys was shipped for a reason.
		if packaged.Roles[ReleaseRole].set() != s.useSet {
			c.usePackaged()
		}
	}
	if c.use.Version < c.floor.Version {
		c.usePackaged()
	}
	return nil
}

func (c *Client) usePackaged() {
	c.use, c.useNote = c.floor, c.shipped
	c.state.release, c.state.intake = nil, nil
	c.state.useSet = c.root.Roles[ReleaseRole].set()
}

// rotate takes another root. What was counted under keys that it replaces is
// forgotten: whoever stole them could have counted up to where no honest
// release can follow.
func (c *Client) rotate(root *Root, note []byte) {
	old := c.root
	c.root, c.state.root = root, note
	if root.Roles[HeadRole].set() != old.Roles[HeadRole].set() {
		c.head, c.state.head = nil, nil
	}
	if set := root.Roles[ReleaseRole].set(); set != c.state.releaseSet {
		c.state.releaseSet, c.state.released, c.state.releasedAs = set, 0, Hash{}
		// A head counts releases as well.
		c.head, c.state.head = nil, nil
	}
	if set := root.Roles[LogRole].set(); set != c.state.logSet || root.Origin != old.Origin {
		c.state.logSet, c.state.logSize, c.state.logRoot = set, 0, Hash{}
	}
}

// clock is the time as far as it can be known: not before the program was
// built, nor before the newest head was signed.
func (c *Client) clock(local int64) int64 {
	now := max(local, c.built)
	if c.head != nil {
		now = max(now, c.head.Issued)
	}
	return now
}

// Note is the hash of the release in use's note.
func (c *Client) Note() Hash { return c.useNote }

// Status is what a person is told, and what a host needs to know.
type Status struct {
	List     string // name of the list in use
	Version  uint32 // of the list in use
	Issued   int64  // when its release was signed, Unix seconds
	Pack     Hash   // of the pack in use
	Packaged bool   // that pack is the one that was shipped; else it is the stored one
	Intake   []byte // keys that reports are sealed to; empty where there are none

	Age        int64  // seconds since Issued
	LastHead   int64  // when the newest head remembered was signed; 0: there is none
	StaleHead  bool   // none is valid now: no news, since the server is cut off, frozen or down
	StaleList  bool   // the list in use is past its date; it goes on scoring
	StaleRoot  bool   // the keys are past their date
	ClockSlow  bool   // the local clock is more than a day behind what was signed, last time or before
	Recovering *Error // the stored state was damaged: the packaged list is used
}

// Status says how things stand at a time, in Unix seconds.
func (c *Client) Status(local int64) Status {
	now := c.clock(local)
	s := Status{
		List: c.use.Name, Version: c.use.Version, Issued: c.use.Issued, Pack: c.use.Pack.Hash,
		Packaged: c.use.Pack.Hash == c.floor.Pack.Hash, Intake: c.state.intake,
		Age:        max(now-c.use.Issued, 0),
		StaleHead:  c.head == nil || now >= c.head.Expires,
		StaleList:  now >= c.use.Expires,
		StaleRoot:  now >= c.root.Expires,
		ClockSlow:  now-local > skew || c.ahead,
		Recovering: c.damage,
	}
	if c.head != nil {
		s.LastHead = c.head.Issued
	}
	return s
}
