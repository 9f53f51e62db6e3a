// SPDX-License-Identifier: Apache-2.0

package normal

// The letters that pass for Latin ones in ordinary typefaces, as pairs: the
// letter, and what it is read as. Capitals have entries of their own where they
// resemble another letter than their small form does (Greek Ν and ν). Chosen
// from Unicode's intentional and single-script confusables, Cyrillic, Greek and
// Armenian only.
const alikeLatin = "" +
	"аaеeоoрpсcуyхxіiјjѕsһhԁdԛqԝwӏlкkмmтtвbнhпnгrиuьbзeѵvԍgѡwғfүyҽeқkҳxҷyҫcәeөo" +
	"АaВbЕeЗeІiЈjКkМmНhОoРpСcТtУyХxЅsԀdԌgԚqԜwҮyѴvҺhПnИuГrЬbӀl" +
	"αaβbγyεeζzηnιiκkμuνvοoρpσoςsτtυuχxωw" +
	"ΑaΒbΕeΖzΗhΙiΚkΜmΝnΟoΡpΤtΥyΧxϲcϳj" +
	"аaօoսuհhոnցgգqքpյjԁdտmԼlԱuՕoՍuՏsՈn"

// Latin letters that pass for Cyrillic ones, in small letters.
const alikeCyrillic = "aаbвcсeеhнiіjјkкmмoоpрsѕtтxхyу"

var latinOf, cyrillicOf = alikeTables()

const alikeFirst, alikeLast = 0x370, 0x58f

func alikeTables() (latin [alikeLast - alikeFirst + 1]byte, cyrillic [128]uint16) {
	var from rune
	for i, r := range alikeLatin {
		if r < 0x80 {
			latin[from-alikeFirst] = byte(r)
		} else if i >= 0 && r >= alikeFirst && r <= alikeLast {
			from = r
		}
	}
	for _, r := range alikeCyrillic {
		if r < 0x80 {
			from = r
		} else {
			cyrillic[from] = uint16(r)
		}
	}
	return latin, cyrillic
}

// toLatin gives the Latin letter that r passes for, or 0.
func toLatin(r rune) byte {
	if r < alikeFirst || r > alikeLast {
		return 0
	}
	return latinOf[r-alikeFirst]
}

// toCyrillic gives the Cyrillic letter that the small Latin letter r passes for, or 0.
func toCyrillic(r rune) rune {
	if r < 0x80 {
		return rune(cyrillicOf[r])
	}
	return 0
}

// loose reports whether r is a small Cyrillic letter that only its capital, or
// a hurried reader, takes for a Latin one.
func loose(r rune) bool {
	switch r {
	case 'к', 'м', 'т', 'в', 'н', 'п', 'г', 'и', 'ь', 'з':
		return true
	}
	return false
}
