// SPDX-License-Identifier: Apache-2.0

package releasetest

import "lapwing/scorer/release"

// Server answers a path with an object.
type Server func(path string) (body []byte, ok bool)

// Device is a browser: what it was shipped with, and its storage.
type Device struct {
	Packaged     release.Packaged
	PackagedPack []byte
	State, Pack  []byte // stored; nil at first
	// Fetched lists the paths that the last Poll asked for.
	Fetched []string
}

// NewDevice is a browser that was shipped with a publisher's package.
func NewDevice(p *Publisher) *Device {
	return &Device{Packaged: p.Packaged, PackagedPack: p.PackagedPack}
}

// Poll looks for a newer list and stores what comes out.
func (d *Device) Poll(s Server, now int64) release.Result {
	r, _ := d.PollUntil(s, now, -1)
	return r
}

// PollUntil is Poll by a program that dies after so many answers, unless that
// is negative. done is false where it died.
func (d *Device) PollUntil(s Server, now int64, answers int) (r release.Result, done bool) {
	c := must(release.New(d.Packaged, d.State))
	inUse := d.packOf(c.Status(now))
	u := c.Update(now, hashOf(inUse) != c.Status(now).Pack)
	d.Fetched = nil
	for w, more := u.Next(); more; w, more = u.Next() {
		if answers == 0 {
			return release.Result{}, false
		}
		answers--
		var body []byte
		ok := true
		if w.Stored() {
			body = inUse
		} else {
			d.Fetched = append(d.Fetched, w.Path)
			body, ok = s(w.Path)
		}
		if ok {
			u.Got(body)
		} else {
			u.Failed()
		}
	}
	r = u.Result()
	if r.Save != nil {
		d.State = r.Save.State
		if r.Save.Pack != nil {
			d.Pack = r.Save.Pack
		}
	}
	return r, true
}

// Status says how things stand without asking anybody.
func (d *Device) Status(now int64) release.Status {
	return must(release.New(d.Packaged, d.State)).Status(now)
}

// InUse is the pack that scores.
func (d *Device) InUse() []byte { return d.packOf(d.Status(0)) }

func (d *Device) packOf(s release.Status) []byte {
	if s.Packaged {
		return d.PackagedPack
	}
	return d.Pack
}
