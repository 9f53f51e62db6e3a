// SPDX-License-Identifier: Apache-2.0

package cluster_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"lapwing/scorer"
	"lapwing/server/cluster"
	"lapwing/server/cluster/clustertest"
)

// listing is what these tests say of one.
type listing struct{ title, body, company, location, contact string }

func (l listing) scorer() *scorer.Listing {
	out := &scorer.Listing{}
	out.Text[scorer.Title], out.Text[scorer.Body], out.Text[scorer.Company] = l.title, l.body, l.company
	out.Text[scorer.Location], out.Text[scorer.Contact] = l.location, l.contact
	return out
}

// search runs a search that the test's end closes.
func search(t *testing.T, o cluster.Options, all []listing) *cluster.Result {
	t.Helper()
	x := cluster.New(o)
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	var s cluster.Sketch
	for _, l := range all {
		x.Sketch(l.scorer(), &s)
		if err := x.Add(&s); err != nil {
			t.Fatal(err)
		}
	}
	r, err := x.Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// told gives the clusters as they are told.
func told(t *testing.T, r *cluster.Result, all []listing) []*cluster.Cluster {
	t.Helper()
	var out []*cluster.Cluster
	err := r.Each(t.Context(), func(k int) (*cluster.Item, error) {
		return &cluster.Item{Member: cluster.Member{ID: cluster.RawID(fmt.Sprint(k)), Line: int64(k + 1)}, Listing: *all[k].scorer()}, nil
	}, func(c *cluster.Cluster) error { out = append(out, c); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func adverts(o clustertest.Options) (all []listing, truth []int) {
	for _, a := range clustertest.Generate(o) {
		all, truth = append(all, listing{body: a.Text}), append(truth, a.Truth)
	}
	return all, truth
}

// numbers makes numbers of clusters' names.
func numbers(r *cluster.Result, n int) []int {
	known := map[string]int{}
	out := make([]int, n)
	for k := range out {
		name, _ := r.Of(k)
		if out[k] = n + k; name != "" {
			if _, ok := known[name]; !ok {
				known[name] = len(known)
			}
			out[k] = known[name]
		}
	}
	return out
}

func TestGeneratedClustersAreFound(t *testing.T) {
	for noise, want := range map[float64]float64{0: 0.95, 0.1: 0.95, 0.2: 0.95, 0.3: 0.90} {
		all, truth := adverts(clustertest.Options{Seed: 41, Clusters: 60, Noise: noise, Alone: 60})
		c := clustertest.Pairs(truth, numbers(search(t, cluster.Options{}, all), len(all)))
		if c.Rand() < want || c.Precision() < 0.99 {
			t.Errorf("noise %.2f: adjusted Rand index %.4f, want %.2f; pair precision %.4f, want 0.99", noise, c.Rand(), want, c.Precision())
		}
	}
}

func TestClustersDependOnNothingButTheListings(t *testing.T) {
	all, _ := adverts(clustertest.Options{Seed: 5, Clusters: 25, Noise: 0.25, Alone: 25})
	all = append(all, all[3], all[40], all[40]) // the same text again
	want := map[listing]string{}
	r := search(t, cluster.Options{Workers: 1}, all)
	for k := range all {
		want[all[k]], _ = r.Of(k)
	}
	rng := rand.New(rand.NewPCG(9, 9))
	for _, o := range []cluster.Options{{Workers: 1}, {Workers: 2}, {Workers: 7, Memory: 1}, {Workers: 3, Memory: 1 << 20}} {
		mixed := slices.Clone(all)
		rng.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		r := search(t, o, mixed)
		for k := range mixed {
			if name, _ := r.Of(k); name != want[mixed[k]] {
				t.Fatalf("%+v: in another order listing %d is in %q, not %q", o, k, name, want[mixed[k]])
			}
		}
	}
}

func TestWhatSpillsLeavesNoFileBehind(t *testing.T) {
	dir := t.TempDir()
	all, _ := adverts(clustertest.Options{Seed: 6, Clusters: 80, Copies: [2]int{8, 15}})
	told(t, search(t, cluster.Options{Dir: dir, Memory: 1}, all), all)
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("the folder holds %v while the search is open: a killed run would leave it", left)
	}
}

const text = "Our family hotel by the lake looks for friendly people who like guests and early mornings, rooms and breakfast included, no experience needed, start as soon as you can"

func TestOddities(t *testing.T) {
	other := "A quiet workshop repairs wooden boats and needs two careful hands with patience for varnish, old screws, long winters and a stove that wants wood every other hour of the day"
	all := []listing{
		0: {body: text, location: "Springfield", company: "Lake Hotel", contact: "+1 555 010 0001"},
		1: {body: text + " today", location: "Shelbyville", company: "Lake Hotel", contact: "+1 555 010 0001"},
		2: {body: text + " please", location: "Springfield", company: "Hill Inn", contact: "0555 010 0002"},
		3: {body: other, location: "Springfield", company: "Boats"},
		4: {body: other, location: "Springfield, US", company: "Boats"},
		5: {body: "Somebody else writes about something else, namely a bakery near the station that opens at five", company: "Bakery", contact: "555-010-0002"},
		6: {body: "short"},
	}
	r := search(t, cluster.Options{}, all)
	for k, want := range [][]cluster.Oddity{
		{cluster.SeveralPlaces, cluster.SeveralEmployers, cluster.SeveralContacts},
		{cluster.SeveralPlaces, cluster.SeveralEmployers, cluster.SeveralContacts},
		{cluster.SeveralPlaces, cluster.SeveralEmployers, cluster.SeveralContacts, cluster.SeveralNames},
		nil, nil, // a text in one place under one name is nothing
		{cluster.SeveralNames},
		nil,
	} {
		name, odd := r.Of(k)
		if got := odd.List(); !slices.Equal(got, want) {
			t.Errorf("listing %d: got %v, want %v", k, got, want)
		}
		if in := k < 5; in != (name != "") {
			t.Errorf("listing %d: cluster %q", k, name)
		}
	}
	c := told(t, r, all)
	if len(c) != 2 || c[0].Size != 3 || c[0].Texts != 3 || c[0].Contacts != 2 || len(c[0].Employers) != 2 || len(c[1].Odd) != 0 {
		t.Errorf("got clusters %+v", c)
	}
}

func TestContactsAreNeverTold(t *testing.T) {
	var all []listing
	for k := range 6 {
		all = append(all, listing{
			title: "Work by the lake", body: fmt.Sprintf("%s. Call 0555 010 01%02d or write to hotel%d@lake.example, telegram @lakehotel%d, right now", text, k, k, k),
			company: fmt.Sprintf("Hotel, call 0555 010 01%02d", k), location: fmt.Sprintf("Springfield, hotel%d@lake.example", k), contact: "0555 010 0199",
		})
	}
	c := told(t, search(t, cluster.Options{}, all), all)
	line, err := json.Marshal(c)
	if err != nil || len(c) != 1 {
		t.Fatalf("got %d clusters, %v", len(c), err)
	}
	for _, secret := range []string{"0555", "010 01", "lake.example", "lakehotel"} {
		if strings.Contains(string(line), secret) {
			t.Errorf("a contact is told: %q in %s", secret, line)
		}
	}
	if !strings.Contains(string(line), "[phone]") {
		t.Errorf("the template does not say that a phone number stands there: %s", line)
	}
}

func TestTemplateShowsWhatVaries(t *testing.T) {
	var all []listing
	for _, city := range []string{"Springfield", "Shelbyville", "Ogdenville", "North Haverbrook"} {
		all = append(all, listing{body: "The family hotel in " + city + " by the old lake looks for friendly people who like guests, early mornings and strong coffee."})
	}
	c := told(t, search(t, cluster.Options{}, all), all)
	if len(c) != 1 {
		t.Fatalf("got %d clusters", len(c))
	}
	parts := c[0].Template
	if len(parts) != 3 || parts[0].Text != "The family hotel in" || len(parts[1].Slot) != 4 || !slices.Contains(parts[1].Slot, "North Haverbrook") ||
		parts[2].Text != "by the old lake looks for friendly people who like guests, early mornings and strong coffee." {
		t.Errorf("got %+v, want text, a slot of four cities, text", parts)
	}
}

func TestListingsThatSayLittleAreAlone(t *testing.T) {
	all := []listing{{body: "call me now"}, {body: "call me now"}, {title: "nurse"}, {title: "nurse"}, {}}
	r := search(t, cluster.Options{}, all)
	if r.Clusters() != 0 {
		t.Errorf("got %d clusters of texts that are alike by chance", r.Clusters())
	}
}

func TestTextsInScriptsWithoutSpacesAreFound(t *testing.T) {
	base := "诚聘海外酒店服务员包食宿月薪丰厚无需经验公司代办签证机票欢迎有志青年加入我们的大家庭工作轻松环境优美"
	all := []listing{{body: base + "上海"}, {body: base + "北京请联系"}, {body: "今天天气很好我们去公园散步然后回家吃饭看电视睡觉明天还要上班开会写报告"}}
	r := search(t, cluster.Options{}, all)
	a, _ := r.Of(0)
	b, _ := r.Of(1)
	if c, _ := r.Of(2); a == "" || a != b || c != "" {
		t.Errorf("got %q, %q, %q, want the first two together", a, b, c)
	}
}
