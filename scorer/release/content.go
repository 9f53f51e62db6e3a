// SPDX-License-Identifier: Apache-2.0

package release

import "lapwing/scorer/pack"

func (u *Update) gotRelease(body []byte, ok bool) {
	if !ok {
		u.keep(fault(ARelease, Unreachable))
		return
	}
	if err := u.checkRelease(body); err != nil {
		u.keep(err)
		return
	}
	u.note = body
	u.ask(Want{Object: AProof, Path: ProofPath(u.head.Hash), MaxBytes: MaxNote}, u.gotProof)
}

// checkRelease holds a release note against what the head, the root, the clock
// and the program say.
func (u *Update) checkRelease(body []byte) *Error {
	c := u.c
	if len(body) != u.head.Length {
		return &Error{ARelease, WrongLength, int64(len(body)), int64(u.head.Length)}
	}
	if hashOf(body) != u.head.Hash {
		return fault(ARelease, WrongHash)
	}
	n, err := open(ARelease, body, c.root.Roles[ReleaseRole])
	if err != nil {
		return err
	}
	r, err := parseRelease(n.Text)
	if err != nil {
		return err
	}
	if r.Version != u.head.Version {
		return &Error{ARelease, WrongVersion, int64(r.Version), int64(u.head.Version)}
	}
	u.remember()
	now := u.clock()
	requires, _ := parseProgram(r.Requires)
	switch {
	case r.Name != c.floor.Name:
		return fault(ARelease, WrongName)
	case r.Version == c.use.Version && r.Pack.Hash != c.use.Pack.Hash && c.state.useSet == c.state.releaseSet:
		return &Error{ARelease, TwoFaced, int64(r.Version), int64(c.use.Version)}
	case r.Expires-r.Issued > ReleaseLife:
		return &Error{ARelease, ValidTooLong, r.Expires - r.Issued, ReleaseLife}
	case now >= r.Expires:
		return &Error{ARelease, Expired, now, r.Expires}
	case c.program.before(requires):
		return fault(ARelease, NeedsProgram)
	}
	u.release = r
	return nil
}

// gotProof is the last word on trust; what follows is content that a hash decides.
func (u *Update) gotProof(body []byte, ok bool) {
	if !ok {
		u.keep(fault(AProof, Unreachable))
		return
	}
	c := u.c
	at, err := verifyProof(body, u.note, c.root)
	if err != nil {
		u.keep(err)
		return
	}
	switch {
	case at.Size < c.state.logSize:
		u.keep(&Error{AProof, RolledBack, at.Size, c.state.logSize})
		return
	case at.Size == c.state.logSize && at.Root != c.state.logRoot:
		u.keep(fault(AProof, SplitView))
		return
	}
	c.state.logSize, c.state.logRoot = at.Size, at.Root
	c.state.released, c.state.releasedAs = int64(u.release.Version), u.head.Hash
	u.changed = true
	u.turnToPack()
}

// turnToPack looks for the shortest way from the pack in use to the new one.
func (u *Update) turnToPack() {
	in := u.c.use
	if u.lost {
		u.wholePack()
		return
	}
	if in.Pack.Hash == u.release.Pack.Hash {
		u.turnToIntake()
		return
	}
	if u.findDelta(u.release.Deltas) {
		return
	}
	if u.release.Older.Length > 0 && in.Version < u.release.Version {
		u.askBlob(AnOlder, u.release.Older, u.gotOlder)
		return
	}
	u.wholePack()
}

// findDelta asks for the stored pack if one of the deltas leads on from it.
func (u *Update) findDelta(list []Delta) bool {
	for _, d := range list {
		if d.From == u.c.use.Version {
			u.delta = d
			u.ask(Want{Object: APack, MaxBytes: u.c.use.Pack.Length}, u.gotStored)
			return true
		}
	}
	return false
}

func (u *Update) gotOlder(body []byte, ok bool) {
	if ok && hashOf(body) == u.release.Older.Hash {
		list, err := parseOlder(string(body), u.release.Version)
		if err == nil && u.findDelta(list) {
			return
		}
	}
	u.wholePack()
}

// gotStored does not look at the pack in use: one that was damaged leads
// nowhere, which the hash of what comes out shows.
func (u *Update) gotStored(body []byte, ok bool) {
	if !ok || len(body) != u.c.use.Pack.Length {
		u.wholePack()
		return
	}
	u.old = body
	u.askBlob(ADelta, u.delta.Blob, u.gotDelta)
}

// gotDelta trusts nothing but the hash of what comes out.
func (u *Update) gotDelta(body []byte, ok bool) {
	old := u.old
	u.old = nil
	if ok && hashOf(body) == u.delta.Hash {
		if b, err := pack.Patch(old, body); err == nil && hashOf(b) == u.release.Pack.Hash {
			// What leads from a pack is a pack, so it need not be decoded.
			u.takePack(b)
			return
		}
	}
	u.result.Whole = true
	u.wholePack()
}

func (u *Update) wholePack() { u.askBlob(APack, u.release.Pack, u.gotPack) }

func (u *Update) gotPack(body []byte, ok bool) {
	switch {
	case !ok:
		u.keep(fault(APack, Unreachable))
	case len(body) != u.release.Pack.Length:
		u.keep(&Error{APack, WrongLength, int64(len(body)), int64(u.release.Pack.Length)})
	case hashOf(body) != u.release.Pack.Hash:
		u.keep(fault(APack, WrongHash))
	default:
		if _, err := pack.Decode(body); err != nil {
			u.keep(fault(APack, BadContent))
			return
		}
		u.takePack(body)
	}
}

// takePack has the right bytes; that they are of the right name and version is
// seen before anything depends on it.
func (u *Update) takePack(b []byte) {
	name, version, err := pack.Header(b)
	if err != nil || name != u.release.Name || version != u.release.Version {
		u.keep(fault(APack, BadContent))
		return
	}
	u.pack = b
	u.turnToIntake()
}

func (u *Update) turnToIntake() {
	want := u.release.Intake
	switch {
	case want.Length == 0:
		u.finish(nil)
	case hashOf(u.c.state.intake) == want.Hash:
		u.finish(u.c.state.intake)
	default:
		u.askBlob(AnIntake, want, u.gotIntake)
	}
}

func (u *Update) gotIntake(body []byte, ok bool) {
	switch {
	case !ok:
		u.pack = nil
		u.keep(fault(AnIntake, Unreachable))
	case hashOf(body) != u.release.Intake.Hash:
		u.pack = nil
		u.keep(fault(AnIntake, WrongHash))
	default:
		u.finish(body)
	}
}

// finish takes the release into use.
func (u *Update) finish(intake []byte) {
	c := u.c
	c.use, c.useNote = u.release, u.head.Hash
	c.state.release, c.state.intake = u.note, intake
	c.state.useSet = c.root.Roles[ReleaseRole].set()
	u.changed = true
	u.end(Updated, nil)
}
