// SPDX-License-Identifier: Apache-2.0

package seal

import "filippo.io/edwards25519/field"

var basePoint = [32]byte{9}

// x25519 is RFC 7748's function. ok is false for a point of low order, which
// would give a secret that everybody knows. crypto/ecdh has it too, and brings
// the table of P-256 with it: 110 kB of the module after compression, of which
// nothing would ever be used. Time does not depend on the scalar.
func x25519(scalar, point *[32]byte) (out [32]byte, ok bool) {
	k := *scalar
	k[0] &= 248
	k[31] = k[31]&127 | 64

	var x1, x2, z2, x3, z3 field.Element
	if _, err := x1.SetBytes(point[:]); err != nil {
		return out, false
	}
	x2.One()
	x3.Set(&x1)
	z3.One()
	swap := 0
	for t := 254; t >= 0; t-- {
		bit := int(k[t/8]>>(t%8)) & 1
		swap ^= bit
		x2.Swap(&x3, swap)
		z2.Swap(&z3, swap)
		swap = bit
		step(&x1, &x2, &z2, &x3, &z3)
	}
	x2.Swap(&x3, swap)
	z2.Swap(&z3, swap)

	z2.Invert(&z2)
	x2.Multiply(&x2, &z2)
	copy(out[:], x2.Bytes())
	any := byte(0)
	for _, b := range out {
		any |= b
	}
	return out, any != 0
}

// step doubles one point and adds the other, as the RFC's section 5 does and
// with its names.
func step(x1, x2, z2, x3, z3 *field.Element) {
	var a, aa, b, bb, e, c, d, da, cb field.Element
	a.Add(x2, z2)
	aa.Square(&a)
	b.Subtract(x2, z2)
	bb.Square(&b)
	e.Subtract(&aa, &bb)
	c.Add(x3, z3)
	d.Subtract(x3, z3)
	da.Multiply(&d, &a)
	cb.Multiply(&c, &b)
	x3.Add(&da, &cb)
	x3.Square(x3)
	z3.Subtract(&da, &cb)
	z3.Square(z3)
	z3.Multiply(z3, x1)
	x2.Multiply(&aa, &bb)
	z2.Mult32(&e, 121665)
	z2.Add(&aa, z2)
	z2.Multiply(&e, z2)
}
