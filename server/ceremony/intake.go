// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"crypto/hpke"
	"encoding/base64"
	"fmt"
	"strings"

	"lapwing/scorer/seal"
)

// IntakeTerms is what a release says of reports besides the keys. Zero values
// stand for package seal's defaults.
type IntakeTerms struct {
	Work      uint8  // bits
	Retention uint16 // days
	// Relay is empty, or the relay's address, a space, and the gateway's key
	// configuration as «lapwingd gateway-key» prints it.
	Relay string
}

// IntakeKeys gives the object that tells programs to whom reports are sealed
// and on which terms; package seal specifies it.
func IntakeKeys(keys []*Key, terms IntakeTerms) ([]byte, error) {
	in := &seal.Intake{Work: terms.Work, Retention: terms.Retention}
	if in.Work == 0 {
		in.Work = seal.DefaultWork
	}
	if in.Retention == 0 {
		in.Retention = seal.DefaultRetention
	}
	if terms.Relay != "" {
		address, encoded, _ := strings.Cut(terms.Relay, " ")
		config, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil || len(config) == 0 {
			return nil, fmt.Errorf("relay %q: want an address, a space, and what lapwingd gateway-key prints", terms.Relay)
		}
		in.Relay = &seal.Relay{URL: address, Config: config}
	}
	for _, k := range keys {
		if k.Role != IntakeRole {
			return nil, fmt.Errorf("key %s is for %s, not for %s", k.Name, k.Role, IntakeRole)
		}
		public, err := base64.StdEncoding.DecodeString(k.Public)
		if err != nil {
			return nil, fmt.Errorf("key %s: %v", k.Name, err)
		}
		if _, err := hpke.MLKEM768X25519().NewPublicKey(public); err != nil {
			return nil, fmt.Errorf("key %s: no public key that reports could be sealed to: %v", k.Name, err)
		}
		in.Keys = append(in.Keys, seal.Key{Name: k.Name, Public: public})
	}
	object := in.Encode()
	if _, err := seal.ParseIntake(object); err != nil {
		return nil, fmt.Errorf("clients would refuse this: %w", err)
	}
	return object, nil
}

// Opener gives the half of an intake key that opens reports.
func (k *Key) Opener() (hpke.PrivateKey, error) {
	if k.Role != IntakeRole || k.secret == "" {
		return nil, fmt.Errorf("key %s opens no reports", k.Name)
	}
	secret, err := base64.StdEncoding.DecodeString(k.secret)
	if err != nil {
		return nil, fmt.Errorf("key %s: %v", k.Name, err)
	}
	return hpke.MLKEM768X25519().NewPrivateKey(secret)
}
