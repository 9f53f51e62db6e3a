// SPDX-License-Identifier: Apache-2.0

package wire

import "lapwing/scorer"

// The courier's part in reports. Package seal says what reports, envelopes and
// redactions are; here they are plain values, so that the scoring module links
// nothing of it. An open client (courier.go) knows the intake keys: whoever asks
// cannot bring others.
//
//	bytes n  so many bytes
//	u64      eight bytes, least significant first
//
// # Requests
//
//	intake  u8 Version
//	code    u8 Version
//	redact  u8 Version, {text}
//	compose u8 Version, draft
//	seal    u8 Version, bytes 16 id, text report
//	work    u8 Version, u64 start, u32 tries, u8 bits, text envelope
//	wrap    u8 Version, u8 to (0 reports, 1 withdrawals), str host of the collector, text content
//	unwrap  u8 Version, bytes 32 enc, bytes 16 secret, text answer of the relay
//
//	draft   = bytes 16 id, u8 sort, str day, str list, uv release, str program, str site, text address,
//	          str region, u8 kind, str language, passage × 6 (title to contact), verdict, passage note
//	passage = text, {redaction}
//	verdict = u8 0 where there is none; else u8 1, u8 level, u16 score, {reason}
//	reason  = str indicator, u8 points, {span}      span as in verdicts
//	redaction = u8 kind, uv start, uv end - start, in code points
//
// # Answers
//
//	intake  bytes 32 hash of the release note in use, uv its version, u8 bits of work, u16 days of
//	        retention, uv number of keys, text relay (empty: none), text its key configuration
//	code    bytes 16 code, bytes 16 id
//	redact  {{redaction}}, one per text
//	compose u32 by how many bytes the report is too long, text report (empty if it is)
//	seal    envelope, to its end
//	work    u8 1 where a nonce was found, text envelope with the nonce (empty if none was)
//	wrap    bytes 32 enc, bytes 16 secret, and what the relay is sent, to its end
//	unwrap  u16 status of the collector's answer
//
// intake, seal and wrap are answered with NoPack where there are no keys to seal to, or there
// is no relay.

// Draft is a report before redaction, and what to redact; seal.Report.
type Draft struct {
	ID       [16]byte
	Sort     uint8 // seal.Sort
	Day      string
	List     string
	Release  uint32
	Program  string
	Site     string
	Address  string
	Region   string
	Kind     uint8 // pack.Kind
	Language string
	Text     [scorer.URL]Passage // by scorer.Field
	Verdict  *Judged
	Note     Passage
}

// Passage is a text and what to redact in it.
type Passage struct {
	Text   string
	Redact []Redaction
}

// Redaction is a seal.Redaction.
type Redaction struct {
	Kind       uint8
	Start, End uint32
}

// Judged is a seal.Verdict.
type Judged struct {
	Level   uint8
	Score   uint16
	Reasons []JudgedReason
}

// JudgedReason is a seal.Reason.
type JudgedReason struct {
	Indicator string
	Points    uint8
	Spans     []scorer.Span
}

// Intake says what reports cost and who can read them; seal.Intake.
type Intake struct {
	Note      [32]byte
	Version   uint32
	Work      uint8
	Retention uint16
	Keys      uint32
	Relay     string
	Config    []byte
}

// MaxTries is the most nonces that one work request may ask for: some seconds.
const MaxTries = 1 << 22

// AppendBare appends an intake or a code request.
func AppendBare(dst []byte) []byte { return append(dst, Version) }

// ParseBare reads an intake or a code request.
func ParseBare(request []byte) error {
	r := reader{rest: request}
	if err := r.version(); err != nil {
		return err
	}
	return r.done()
}

// AppendIntake appends the content of an answer to an intake request.
func AppendIntake(dst []byte, v *Intake) []byte {
	dst = append(dst, v.Note[:]...)
	dst = appendUv(dst, v.Version)
	dst = append(dst, v.Work, byte(v.Retention), byte(v.Retention>>8))
	dst = appendUv(dst, v.Keys)
	return appendBlob(appendText(dst, v.Relay), v.Config)
}

// ParseIntake reads the answer to an intake request.
func ParseIntake(content []byte) (*Intake, error) {
	r := reader{rest: content}
	v := &Intake{}
	copy(v.Note[:], r.take(len(v.Note)))
	v.Version, v.Work, v.Retention, v.Keys, v.Relay, v.Config = r.uv(), r.u8(), r.u16(), r.uv(), string(r.text()), r.blob()
	return v, r.done()
}

// AppendRedact appends a redact request.
func AppendRedact(dst []byte, texts []string) []byte {
	dst = appendUv(append(dst, Version), uint32(len(texts)))
	for _, s := range texts {
		dst = appendText(dst, s)
	}
	return dst
}

// ParseRedact reads a redact request; the texts share memory with it.
func ParseRedact(request []byte) ([]string, error) {
	r := reader{rest: request}
	if err := r.version(); err != nil {
		return nil, err
	}
	texts := make([]string, r.count(4))
	for i := range texts {
		texts[i] = r.text()
	}
	return texts, r.done()
}

// AppendRedactions appends those of one text: to an answer, behind AppendCount,
// or to a draft.
func AppendRedactions(dst []byte, list []Redaction) []byte {
	dst = appendUv(dst, uint32(len(list)))
	for _, x := range list {
		dst = append(dst, x.Kind)
		dst = appendUv(appendUv(dst, x.Start), x.End-x.Start)
	}
	return dst
}

// ParseRedactions reads the answer to a redact request.
func ParseRedactions(content []byte) ([][]Redaction, error) {
	r := reader{rest: content}
	lists := make([][]Redaction, r.count(1))
	for i := range lists {
		lists[i] = r.redactions()
	}
	return lists, r.done()
}

// redactions reads some that are in order, and do not overlap.
func (r *reader) redactions() []Redaction {
	n := r.count(3)
	if n == 0 {
		return nil
	}
	list := make([]Redaction, n)
	last := uint64(0)
	for i := range list {
		x := Redaction{Kind: r.u8(), Start: r.uv()}
		end := uint64(x.Start) + uint64(r.uv())
		if uint64(x.Start) < last || end <= uint64(x.Start) || end > 1<<32-1 {
			r.fail()
			return nil
		}
		x.End, last = uint32(end), end
		list[i] = x
	}
	return list
}

// AppendDraft appends a compose request.
func AppendDraft(dst []byte, d *Draft) []byte {
	dst = append(append(dst, Version), d.ID[:]...)
	dst = append(dst, d.Sort)
	dst = appendUv(appendStr(appendStr(dst, d.Day), d.List), d.Release)
	dst = appendText(appendStr(appendStr(dst, d.Program), d.Site), d.Address)
	dst = append(appendStr(dst, d.Region), d.Kind)
	dst = appendStr(dst, d.Language)
	for f := range d.Text {
		dst = AppendRedactions(appendText(dst, d.Text[f].Text), d.Text[f].Redact)
	}
	dst = appendBool(dst, d.Verdict != nil)
	if v := d.Verdict; v != nil {
		dst = append(dst, v.Level, byte(v.Score), byte(v.Score>>8))
		dst = appendUv(dst, uint32(len(v.Reasons)))
		for i := range v.Reasons {
			x := &v.Reasons[i]
			dst = appendSpans(append(appendStr(dst, x.Indicator), x.Points), x.Spans)
		}
	}
	return AppendRedactions(appendText(dst, d.Note.Text), d.Note.Redact)
}

// ParseDraft reads a compose request; texts share memory with it. What the
// report may hold is package seal's to say.
func ParseDraft(request []byte) (*Draft, error) {
	r := reader{rest: request}
	if err := r.version(); err != nil {
		return nil, err
	}
	d := &Draft{}
	copy(d.ID[:], r.take(len(d.ID)))
	d.Sort, d.Day, d.List, d.Release = r.u8(), r.str(), r.str(), r.uv()
	d.Program, d.Site, d.Address = r.str(), r.str(), r.text()
	d.Region, d.Kind, d.Language = r.str(), r.u8(), r.str()
	for f := range d.Text {
		d.Text[f] = Passage{r.text(), r.redactions()}
	}
	if r.bool() {
		d.Verdict = &Judged{Level: r.u8(), Score: r.u16()}
		d.Verdict.Reasons = make([]JudgedReason, r.count(3))
		for i := range d.Verdict.Reasons {
			d.Verdict.Reasons[i] = JudgedReason{r.str(), r.u8(), r.spans()}
		}
	}
	d.Note = Passage{r.text(), r.redactions()}
	return d, r.done()
}

func appendSpans(dst []byte, spans []scorer.Span) []byte {
	dst = appendUv(dst, uint32(len(spans)))
	for _, s := range spans {
		dst = append(dst, byte(s.Field))
		dst = appendUv(appendUv(dst, s.Start), s.End-s.Start)
	}
	return dst
}

func (r *reader) spans() []scorer.Span {
	spans := make([]scorer.Span, r.count(3))
	for i := range spans {
		s := scorer.Span{Field: scorer.Field(r.u8()), Start: r.uv()}
		end := uint64(s.Start) + uint64(r.uv())
		if end > 1<<32-1 {
			r.fail()
			return nil
		}
		s.End = uint32(end)
		spans[i] = s
	}
	return spans
}

// AppendComposed appends the content of an answer to a compose request.
func AppendComposed(dst []byte, over int, report []byte) []byte {
	return appendBlob(appendU32(dst, uint32(over)), report)
}

// ParseComposed reads the answer to a compose request.
func ParseComposed(content []byte) (over int, report []byte, err error) {
	r := reader{rest: content}
	over, report = int(r.u32()), r.blob()
	if over > 0 != (len(report) == 0) {
		r.fail()
	}
	return over, report, r.done()
}

// AppendSeal appends a seal request.
func AppendSeal(dst []byte, id [16]byte, report []byte) []byte {
	return appendBlob(append(append(dst, Version), id[:]...), report)
}

// ParseSeal reads a seal request; the report shares memory with it.
func ParseSeal(request []byte) (id [16]byte, report []byte, err error) {
	r := reader{rest: request}
	if err := r.version(); err != nil {
		return id, nil, err
	}
	copy(id[:], r.take(len(id)))
	report = r.blob()
	return id, report, r.done()
}

// Search is a work request.
type Search struct {
	Start    uint64
	Tries    uint32
	Bits     uint8
	Envelope []byte
}

// AppendSearch appends a work request.
func AppendSearch(dst []byte, s *Search) []byte {
	dst = appendTime(append(dst, Version), int64(s.Start))
	return appendBlob(append(appendU32(dst, s.Tries), s.Bits), s.Envelope)
}

// ParseSearch reads a work request; the envelope shares memory with it.
func ParseSearch(request []byte) (Search, error) {
	r := reader{rest: request}
	if err := r.version(); err != nil {
		return Search{}, err
	}
	s := Search{uint64(r.time()), r.u32(), r.u8(), r.blob()}
	if s.Tries > MaxTries {
		r.fail()
	}
	return s, r.done()
}

// AppendFound appends the content of an answer to a work request; nil: no nonce yet.
func AppendFound(dst, envelope []byte) []byte {
	return appendBlob(appendBool(dst, envelope != nil), envelope)
}

// ParseFound reads the answer to a work request.
func ParseFound(content []byte) ([]byte, error) {
	r := reader{rest: content}
	found, envelope := r.bool(), r.blob()
	if found != (envelope != nil) {
		r.fail()
	}
	return envelope, r.done()
}

// Wrapping is a wrap request; seal.Relay.
type Wrapping struct {
	To      uint8
	Host    string
	Content []byte
}

// AppendWrap appends a wrap request.
func AppendWrap(dst []byte, w *Wrapping) []byte {
	return appendBlob(appendStr(append(dst, Version, w.To), w.Host), w.Content)
}

// ParseWrap reads a wrap request; the content shares memory with it.
func ParseWrap(request []byte) (Wrapping, error) {
	r := reader{rest: request}
	if err := r.version(); err != nil {
		return Wrapping{}, err
	}
	w := Wrapping{r.u8(), r.str(), r.blob()}
	return w, r.done()
}

// Wrapped is an unwrap request; seal.Return.
type Wrapped struct {
	Enc    [32]byte
	Secret [16]byte
	Answer []byte
}

// AppendUnwrap appends an unwrap request.
func AppendUnwrap(dst []byte, w *Wrapped) []byte {
	dst = append(append(append(dst, Version), w.Enc[:]...), w.Secret[:]...)
	return appendBlob(dst, w.Answer)
}

// ParseUnwrap reads an unwrap request; the answer shares memory with it.
func ParseUnwrap(request []byte) (*Wrapped, error) {
	r := reader{rest: request}
	if err := r.version(); err != nil {
		return nil, err
	}
	w := &Wrapped{}
	copy(w.Enc[:], r.take(len(w.Enc)))
	copy(w.Secret[:], r.take(len(w.Secret)))
	w.Answer = r.blob()
	return w, r.done()
}
