// SPDX-License-Identifier: Apache-2.0

package extract

import (
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

// address is href against base, written as browsers write it, without its
// fragment; "" where it is no web address. Package url keeps an address as it was
// written, and browsers do not: they lower the host, drop the default port and
// escape what RFC 3986 does not allow.
func address(href string, base *url.URL) string {
	href = strings.TrimFunc(href, func(r rune) bool { return r <= ' ' })
	href = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(href)
	if href == "" {
		return ""
	}
	href, _, _ = strings.Cut(href, "#")
	path, query, hasQuery := strings.Cut(href, "?")
	if scheme, rest, ok := cutScheme(path); ok {
		if scheme != "http" && scheme != "https" {
			return ""
		}
		path = scheme + ":" + strings.ReplaceAll(rest, `\`, "/")
		if !strings.HasPrefix(rest, "/") && !strings.HasPrefix(rest, `\`) && base != nil && scheme == base.Scheme {
			path = rest
		}
	} else {
		path = strings.ReplaceAll(path, `\`, "/")
	}
	ref, err := url.Parse(escape(path, " \"<>^`{}|"))
	if err != nil {
		return ""
	}
	if base != nil {
		if href == "" || path == "" && !hasQuery {
			query, hasQuery = base.RawQuery, base.RawQuery != ""
		}
		ref = base.ResolveReference(ref)
	}
	return write(ref, query, hasQuery)
}

func cutScheme(s string) (scheme, rest string, ok bool) {
	i := strings.IndexByte(s, ':')
	if i <= 0 {
		return "", s, false
	}
	for k := 0; k < i; k++ {
		c := s[k] | 0x20
		if (c < 'a' || c > 'z') && (k == 0 || (s[k] < '0' || s[k] > '9') && s[k] != '+' && s[k] != '-' && s[k] != '.') {
			return "", s, false
		}
	}
	return strings.ToLower(s[:i]), s[i+1:], true
}

// escape writes bytes that are not ASCII, controls and those of set as %XX.
func escape(s, set string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if c := s[i]; c > 0x7e || c < 0x20 || strings.IndexByte(set, c) >= 0 {
			b.WriteString("%" + string("0123456789ABCDEF"[c>>4]) + string("0123456789ABCDEF"[c&15]))
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func write(u *url.URL, query string, hasQuery bool) string {
	if u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	name, err := idna.Lookup.ToASCII(strings.ToLower(u.Hostname()))
	if err != nil {
		return ""
	}
	if port := u.Port(); port != "" && !(port == "80" && u.Scheme == "http") && !(port == "443" && u.Scheme == "https") {
		name += ":" + port
	}
	path := strings.ReplaceAll(u.EscapedPath(), "%7C", "|")
	if path == "" {
		path = "/"
	}
	out := u.Scheme + "://" + name + path
	if hasQuery {
		out += "?" + escape(query, " \"#<>'")
	}
	return out
}
