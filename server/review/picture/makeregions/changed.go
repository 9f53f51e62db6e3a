// SPDX-License-Identifier: Apache-2.0

package main

import "strings"

// changed says where units of 2012 belong today, where regions were joined or
// renamed since, or where towns stand beside the provinces that the codes know.
// Where a region was cut in pieces there is nothing to say: its units stay with
// the country, and so do those that a code of a like name would claim.
var changed = table(`
BA-BIH Una-Sana; Central Bosnia; West Bosnia; West Herzegovina; Herzegovina-Neretva; Tuzla; Zenica-Doboj; Sarajevo; Bosnian Podrinje; Posavina
BA-SRP Doboj; Banja Luka; Bijeljina; Vlasenica; Sarajevo-romanija; Foča; Trebinje
CD Kasaï-Occidental
CI-CM Moyen-Comoe; Sud-Comoé
CI-GD Fromager; Sud-Bandama
CI-LC N'zi-Comoé
CI-LG Agnéby
CI-MG Dix-Huit Montagnes; Moyen-Cavally
CI-SM Haut-Sassandra; Marahoué
CI-WR Bafing; Worodougou
ER-SK Semenawi Keyih Bahri
GB-ENG Cheshire East; Cheshire West and Chester
GR-A Anatoliki Makedonia kai Thraki
IL-Z HaZafon
IN-DH Dadra and Nagar Haveli; Daman and Diu
KH-18 Krong Preah Sihanouk
KH-23 Kep
KR-42 Gangwon
KZ-15 Aqtöbe
KZ-47 Mangghystau
KZ-59 North Kazakhstan
KZ-61 South Kazakhstan
LV Karsavas; Priekulu; Salas; Skrundas; Varkavas; Vilakas
MX-CMX Distrito Federal
MY-14 Kuala Lumpur
MY-15 Labuan
MY-16 Putrajaya
NO-30 Akershus; Buskerud; Østfold
NO-34 Hedmark; Oppland
NO-38 Vestfold; Telemark
NO-42 Aust-Agder; Vest-Agder
NO-46 Hordaland; Sogn og Fjordane
NO-50 Nord-Trøndelag; Sør-Trøndelag
NO-54 Troms; Finnmark
NZ-WGN Wellington
PA-KY Kuna Yala
PH-01 Dagupan
PH-02 Santiago
PH-03 Angeles; Olongapo
PH-05 Naga
PH-06 Bacolod
PH-07 Mandaue; Lapu-Lapu
PH-08 Ormoc; Tacloban
PH-10 Iligan; Cagayan de Oro
PH-11 Compostela Valley
PH-13 Butuan
PH-15 Baguio
PH-40 Lucena
PH-41 Puerto Princesa
PK-KP N.W.F.P.
RS-00 Grad Beograd
RU-KHM Khanty-Mansiy
RU-NEN Nenets
RU-YAN Yamal-Nenets
TD-BG Barh El Gazel
TD-BO Borkou
TD-CB Chari-Baguirmi
TD-GR Guéra
TD-KA Kanem
TD-LC Lac
TD-LO Logone Occidental
TD-LR Logone Oriental
TD-MA Mandoul
TD-MC Moyen-Chari
TD-ME Mayo-Kebbi Est
TD-MO Mayo-Kebbi Ouest
TD-ND Ville de N'Djamena
TD-OD Ouaddaï
TD-TA Tandjilé
UA-48 Mykolayiv
`)

// table reads lines of a code and the names of units, by country and name.
func table(text string) map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(strings.TrimSpace(text)) {
		code, names, _ := strings.Cut(strings.TrimSpace(line), " ")
		for name := range strings.SplitSeq(names, "; ") {
			m[code[:2]+" "+plainName(name)] = code
		}
	}
	return m
}

// now finds a unit among those that have changed.
func now(u *unit) string {
	if len(u.names) == 0 {
		return ""
	}
	return changed[u.country+" "+plainName(u.names[0])]
}
