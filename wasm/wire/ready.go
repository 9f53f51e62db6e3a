// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"unsafe"

	"lapwing/scorer/pack"
)

// What the scoring module loads, made by package wasm/ready:
//
//	ready = "LWR", u8 Version, text image, text catalog, uv n, n × (str lang, text texts), uv m, m × (str name, str JSON)
//
// image is scorer.Image's; catalog and texts are the contents of answers to
// queries, ready to be given; documents are in the order of their names.

// Ready is an opened list. Its fields point into the bytes it was opened from.
type Ready struct {
	Image   []byte
	Catalog string
	texts   []keyed
	docs    []keyed
}

type keyed struct{ key, content string }

// AppendReady appends the pack's ready form; list is its name in verdicts.
func AppendReady(dst []byte, p *pack.Pack, list string, image []byte) []byte {
	dst = append(dst, 'L', 'W', 'R', Version)
	dst = appendText(dst, string(image))
	dst = appendText(dst, string(AppendCatalog(nil, p, list)))
	langs := languages(p)
	dst = appendUv(dst, uint32(len(langs)))
	for _, lang := range langs {
		dst = appendStr(dst, lang)
		dst = appendText(dst, string(AppendTexts(nil, p, lang)))
	}
	dst = appendUv(dst, uint32(len(p.Documents)))
	for _, d := range p.Documents {
		dst = appendStr(dst, d.Name)
		dst = appendStr(dst, d.JSON)
	}
	return dst
}

// OpenReady opens what AppendReady has made.
func OpenReady(b []byte) (Ready, error) {
	var ready Ready
	if len(b) < 4 || string(b[:3]) != "LWR" {
		return ready, errMalformed
	}
	if b[3] != Version {
		return ready, errVersion
	}
	r := reader{rest: b[4:]}
	image := r.text()
	ready.Image = unsafe.Slice(unsafe.StringData(image), len(image))
	ready.Catalog = r.text()
	for n := r.count(5); n > 0; n-- {
		ready.texts = append(ready.texts, keyed{r.str(), r.text()})
	}
	for n := r.count(2); n > 0; n-- {
		ready.docs = append(ready.docs, keyed{r.str(), r.str()})
	}
	return ready, r.done()
}

// Keep gives a copy that does not point into the bytes that it was opened from,
// without the image.
func (r *Ready) Keep() *Ready {
	kept := &Ready{Catalog: clone(r.Catalog), docs: r.docs}
	for _, t := range r.texts {
		kept.texts = append(kept.texts, keyed{t.key, clone(t.content)})
	}
	return kept
}

func clone(s string) string { return string([]byte(s)) }

// AppendSummary appends the content of the answer to a load request.
func (r *Ready) AppendSummary(dst []byte) ([]byte, error) {
	c := reader{rest: []byte(r.Catalog)}
	c.summary()
	if c.bad {
		return nil, errMalformed
	}
	return append(dst, r.Catalog[:len(r.Catalog)-len(c.rest)]...), nil
}

// AppendTexts appends the content of the answer to QueryTexts.
func (r *Ready) AppendTexts(dst []byte, lang string) []byte {
	for _, t := range r.texts {
		if t.key == lang {
			return append(dst, t.content...)
		}
	}
	return appendUv(dst, 0)
}

// AppendDocuments appends the content of the answer to QueryDocuments.
func (r *Ready) AppendDocuments(dst []byte, prefix string) []byte {
	n := uint32(0)
	for _, d := range r.docs {
		if begins(d.key, prefix) {
			n++
		}
	}
	dst = appendUv(dst, n)
	for _, d := range r.docs {
		if begins(d.key, prefix) {
			dst = appendStr(appendStr(dst, d.key), d.content)
		}
	}
	return dst
}
