// SPDX-License-Identifier: Apache-2.0

package distribute

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/molecule-man/go-brrr"
)

// Answer is what one path and one encoding give: the whole body and every
// header but those of the connection. It never changes once it was made, so
// that any number of requests may hold it at once.
type Answer struct {
	Body   []byte
	Header []Field // ready to send, Content-Length excepted
	Kind   Kind
	// File has the same bytes as Body where sending from a file is cheaper,
	// else it is nil. It is shared: read it at explicit offsets only. The
	// collector closes it with the last user of the Answer.
	File *os.File
}

// Field is one header line.
type Field struct{ Name, Value []byte }

// Object is one path of the tree in the forms in which it can be sent.
type Object struct {
	forms [numEncodings]*Answer // Identity always, the others where they are smaller
}

// largeBody is from where on sending from a file is worth a file descriptor.
const largeBody = 16 << 10

// withFiles gives the object's large forms a file in memory each.
func (o *Object) withFiles() *Object {
	for _, f := range o.forms {
		if f != nil && len(f.Body) >= largeBody {
			f.File = memoryFile(f.Body)
		}
	}
	return o
}

// size is what an object holds in memory, near enough.
func (o *Object) size() int64 {
	n := int64(0)
	for _, f := range o.forms {
		if f != nil {
			n += int64(len(f.Body)) + 512
			if f.File != nil {
				n += int64(len(f.Body))
			}
		}
	}
	return n
}

const (
	// What carries its own hash or number in its name never changes.
	cacheForever = "public, max-age=31536000, immutable"
	// A head is old news after minutes; a client asks every six hours.
	cacheHead = "public, max-age=300"
	// A checkpoint is replaced by the next release, and a proof when the log
	// gets another key.
	cacheLog = cacheHead
)

// newObject precomputes the answers for one path.
func newObject(k Kind, bodies [numEncodings][]byte) *Object {
	o := new(Object)
	several := bodies[Gzip] != nil || bodies[Brotli] != nil
	for e, body := range bodies {
		if body != nil || Encoding(e) == Identity {
			o.forms[e] = &Answer{Body: body, Header: fields(k, Encoding(e), several), Kind: k}
		}
	}
	return o
}

func fields(k Kind, e Encoding, several bool) []Field {
	contentType, cache := "application/octet-stream", cacheForever
	switch k {
	case head:
		contentType, cache = "text/plain; charset=utf-8", cacheHead
	case checkpoint, proof:
		contentType, cache = "text/plain; charset=utf-8", cacheLog
	case root:
		contentType = "text/plain; charset=utf-8"
	case objectGzip:
		// The compressed file itself, for clients that unpack it on their own:
		// it has no Content-Encoding, or the browser would unpack it first.
		contentType = "application/gzip"
	}
	f := []Field{
		{[]byte("Content-Type"), []byte(contentType)},
		{[]byte("Cache-Control"), []byte(cache)},
		{[]byte("X-Content-Type-Options"), []byte("nosniff")},
		// The list is public: a page of anybody's may read it, without credentials.
		{[]byte("Access-Control-Allow-Origin"), []byte("*")},
	}
	if e != Identity {
		f = append(f, Field{[]byte("Content-Encoding"), []byte(e.String())})
	}
	if several {
		f = append(f, Field{[]byte("Vary"), []byte("Accept-Encoding")})
	}
	return f
}

// errAbsent says that the tree has no such file.
var errAbsent = errors.New("no such file in the tree")

// readFile reads one whole file below the tree's root. A longer file than
// limit is an error and not a cut.
func readFile(tree *os.Root, name string, limit int64) ([]byte, error) {
	f, err := tree.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", name, errAbsent)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: not a regular file", name)
	}
	if info.Size() > limit {
		return nil, fmt.Errorf("%s: %d bytes are more than the limit of %d", name, info.Size(), limit)
	}
	// One byte more than expected shows a file that grew while it was read.
	body := make([]byte, 0, info.Size()+1)
	for len(body) < cap(body) {
		n, err := f.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	if int64(len(body)) != info.Size() {
		return nil, fmt.Errorf("%s: changed while it was read; publishers write aside and rename", name)
	}
	return body, nil
}

// readObject reads v1/o/<hash> with its compressed siblings and checks all of
// them: the bytes against the name, the siblings against the bytes.
func readObject(tree *os.Root, hash string, limit int64) (*Object, error) {
	name := "v1/o/" + hash
	plain, err := readFile(tree, name, limit)
	if err != nil {
		return nil, err
	}
	if sha256.Sum256(plain) != hashOf(name) {
		return nil, fmt.Errorf("%s: its bytes have another hash; publish it again", name)
	}
	bodies := [numEncodings][]byte{Identity: plain}
	for e, open := range map[Encoding]func(io.Reader) (io.Reader, error){
		Gzip:   func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		Brotli: func(r io.Reader) (io.Reader, error) { return brrr.NewReader(r), nil },
	} {
		suffix := map[Encoding]string{Gzip: ".gz", Brotli: ".br"}[e]
		packed, err := readFile(tree, name+suffix, limit)
		if errors.Is(err, errAbsent) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := sameContent(packed, plain, open); err != nil {
			return nil, fmt.Errorf("%s: %v; publish it again", name+suffix, err)
		}
		bodies[e] = packed
	}
	return newObject(object, bodies), nil
}

// sameContent unpacks packed and compares, reading at most one byte more than
// there should be.
func sameContent(packed, plain []byte, open func(io.Reader) (io.Reader, error)) error {
	r, err := open(bytes.NewReader(packed))
	if err != nil {
		return fmt.Errorf("cannot be unpacked: %v", err)
	}
	got, err := io.ReadAll(io.LimitReader(r, int64(len(plain))+1))
	if err != nil {
		return fmt.Errorf("cannot be unpacked: %v", err)
	}
	if !bytes.Equal(got, plain) {
		return errors.New("unpacks to something else than the object")
	}
	return nil
}
