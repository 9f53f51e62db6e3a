// SPDX-License-Identifier: Apache-2.0

package wire

// The boundary of the courier module: what it is asked about releases, and what
// it answers. Whole answers begin as those of the scoring module do, and so does
// an error. The values here are plain, so that the scoring module, which has
// this package too, links nothing of package release.
//
//	time    eight bytes, least significant first, two's complement: Unix seconds, or seconds
//	hash    32 bytes
//
// # Requests
//
//	open    u8 Version, text root note, text release note, str version of the program,
//	        time it was built, text stored state (empty: none)
//	status  u8 Version, time now
//	begin   u8 Version, time now, u8 1 where the stored pack is lost, else 0
//	got     what was wanted, as it is
//	failed  nothing
//	result  nothing
//	prepare an encoded pack, as it is
//
// # Answers
//
//	open    nothing
//	status  status
//	begin, got, failed: want
//	result  result
//	prepare what the scoring module's load takes, as it is
//
//	want    = u8 what: 0 nothing more, ask for the result; 1 the object at a path of the
//	          tree; 2 the stored pack; then str object, str path, u32 most bytes, u32 gzip length
//	result  = u8 outcome, refusal, u8 whole, time poll, u8 saved (0: nothing is to be stored;
//	          1: the state; 2: state and pack), text state, text pack, status
//	refusal   = u8 0 where there is none; else u8 1, str object, str rule, str sentence
//	status  = str list, uv version, time issued, hash of the pack, u8 flags, time age,
//	          time newest head (0: none was seen), refusal recovering, text intake keys
//
// Objects, rules and outcomes are named as package release names them.

// Want is what the courier needs next; release.Want says more.
type Want struct {
	What     WantKind
	Object   string
	Path     string
	MaxBytes uint32
	Gzip     uint32
}

// WantKind says where a wanted thing is to be had.
type WantKind uint8

const (
	WantNothing WantKind = iota // the update has ended: ask for its result
	WantObject                  // the file at Want.Path of the tree
	WantStored                  // the pack in use, which the host has stored
	numWantKinds
)

// Refusal says which rule an object broke; release.Error.
type Refusal struct{ Object, Rule, Sentence string }

// Saved says what of a result is to be stored, in one transaction.
type Saved uint8

const (
	SavedNothing Saved = iota
	SavedState         // the pack that was stored stays
	SavedBoth
	numSaved
)

// Result is what came out of an update; release.Result.
type Result struct {
	Outcome     uint8 // release.Outcome
	Refusal     *Refusal
	Whole       bool
	Poll        int64
	Saved       Saved
	State, Pack []byte
	Status      ListStatus
}

// NumOutcomes is how many outcomes of an update there are.
const NumOutcomes = 3

// ListStatus is how things stand with the list in use; release.Status.
type ListStatus struct {
	List       string
	Version    uint32
	Issued     int64
	Pack       [32]byte
	Flags      StatusFlags
	Age        int64
	LastHead   int64
	Recovering *Refusal
	Intake     []byte
}

// StatusFlags are those of release.Status, a bit each.
type StatusFlags uint8

const (
	Packaged StatusFlags = 1 << iota
	StaleHead
	StaleList
	StaleRoot
	ClockSlow
	allStatusFlags = 1<<iota - 1
)

// Packaging is what the courier is opened with; release.Packaged.
type Packaging struct {
	Root, Release []byte
	Program       string
	Built         int64
	State         []byte // as it was stored; empty: nothing was
}

// AppendOpen appends an open request.
func AppendOpen(dst []byte, p *Packaging) []byte {
	dst = append(dst, Version)
	dst = appendBlob(dst, p.Root)
	dst = appendBlob(dst, p.Release)
	dst = appendStr(dst, p.Program)
	dst = appendTime(dst, p.Built)
	return appendBlob(dst, p.State)
}

// ParseOpen reads an open request; the result shares memory with it.
func ParseOpen(request []byte) (Packaging, error) {
	r := reader{rest: request}
	if err := r.version(); err != nil {
		return Packaging{}, err
	}
	p := Packaging{Root: r.blob(), Release: r.blob(), Program: r.str(), Built: r.time(), State: r.blob()}
	return p, r.done()
}

// AppendStatusAt appends a status request.
func AppendStatusAt(dst []byte, now int64) []byte { return appendTime(append(dst, Version), now) }

// ParseStatusAt reads a status request.
func ParseStatusAt(request []byte) (now int64, err error) {
	r := reader{rest: request}
	if err := r.version(); err != nil {
		return 0, err
	}
	now = r.time()
	return now, r.done()
}

// AppendBegin appends a begin request.
func AppendBegin(dst []byte, now int64, lost bool) []byte {
	return appendBool(appendTime(append(dst, Version), now), lost)
}

// ParseBegin reads a begin request.
func ParseBegin(request []byte) (now int64, lost bool, err error) {
	r := reader{rest: request}
	if err := r.version(); err != nil {
		return 0, false, err
	}
	now, lost = r.time(), r.bool()
	return now, lost, r.done()
}

// AppendWant appends the content of an answer that says what is wanted next.
func AppendWant(dst []byte, w Want) []byte {
	dst = append(dst, byte(w.What))
	if w.What == WantNothing {
		return dst
	}
	dst = appendStr(dst, w.Object)
	dst = appendStr(dst, w.Path)
	return appendU32(appendU32(dst, w.MaxBytes), w.Gzip)
}

// ParseWant reads what is wanted next.
func ParseWant(content []byte) (Want, error) {
	r := reader{rest: content}
	w := Want{What: WantKind(r.u8())}
	if w.What != WantNothing {
		w.Object, w.Path, w.MaxBytes, w.Gzip = r.str(), r.str(), r.u32(), r.u32()
	}
	if w.What >= numWantKinds || w.MaxBytes > MaxPack || w.Gzip > w.MaxBytes {
		r.fail()
	}
	return w, r.done()
}

// AppendResult appends the content of an answer to a result request.
func AppendResult(dst []byte, v *Result) []byte {
	dst = append(dst, v.Outcome)
	dst = appendRefusal(dst, v.Refusal)
	dst = appendBool(dst, v.Whole)
	dst = appendTime(dst, v.Poll)
	dst = append(dst, byte(v.Saved))
	dst = appendBlob(dst, v.State)
	dst = appendBlob(dst, v.Pack)
	return AppendStatus(dst, &v.Status)
}

// ParseResult reads what came out of an update; State, Pack and Intake share
// memory with the answer.
func ParseResult(content []byte) (*Result, error) {
	r := reader{rest: content}
	v := &Result{Outcome: r.u8(), Refusal: r.refusal(), Whole: r.bool(), Poll: r.time(), Saved: Saved(r.u8())}
	v.State, v.Pack = r.blob(), r.blob()
	v.Status = r.status()
	if v.Outcome >= NumOutcomes || v.Saved >= numSaved ||
		len(v.State) > 0 != (v.Saved != SavedNothing) || len(v.Pack) > 0 != (v.Saved == SavedBoth) {
		r.fail()
	}
	return v, r.done()
}

// AppendStatus appends the content of an answer to a status request.
func AppendStatus(dst []byte, s *ListStatus) []byte {
	dst = appendStr(dst, s.List)
	dst = appendUv(dst, s.Version)
	dst = appendTime(dst, s.Issued)
	dst = append(dst, s.Pack[:]...)
	dst = append(dst, byte(s.Flags))
	dst = appendTime(dst, s.Age)
	dst = appendTime(dst, s.LastHead)
	dst = appendRefusal(dst, s.Recovering)
	return appendBlob(dst, s.Intake)
}

// ParseStatus reads how things stand; Intake shares memory with the answer.
func ParseStatus(content []byte) (ListStatus, error) {
	r := reader{rest: content}
	s := r.status()
	return s, r.done()
}

func (r *reader) status() ListStatus {
	s := ListStatus{List: r.str(), Version: r.uv(), Issued: r.time()}
	copy(s.Pack[:], r.take(len(s.Pack)))
	s.Flags, s.Age, s.LastHead = StatusFlags(r.u8()), r.time(), r.time()
	s.Recovering, s.Intake = r.refusal(), r.blob()
	if s.Flags&^allStatusFlags != 0 {
		r.fail()
	}
	return s
}

func appendRefusal(dst []byte, f *Refusal) []byte {
	if f == nil {
		return append(dst, 0)
	}
	dst = append(dst, 1)
	for _, s := range []string{f.Object, f.Rule, f.Sentence} {
		dst = appendStr(dst, s)
	}
	return dst
}

func (r *reader) refusal() *Refusal {
	if !r.bool() {
		return nil
	}
	return &Refusal{r.str(), r.str(), r.str()}
}
