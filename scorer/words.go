// SPDX-License-Identifier: Apache-2.0

package scorer

// classWord is a class of notable words.
type classWord struct {
	class wordClass
	value uint32
	words string
}

// classWords are the notable words, in normal form, separated by spaces; "w=v"
// gives a word's own value. Rates and periods are rough on purpose: they tell
// 300 from 10 000 dollars a month, and nothing finer rests on them. Rates: the
// order of magnitude of 2026.
var classWords = []classWord{
	{wordDigit, 0, "zero=0 oh=0 one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 double=20 triple=30 " +
		"cero=0 uno=1 dos=2 tres=3 cuatro=4 cinco=5 seis=6 siete=7 ocho=8 nueve=9 um=1 dois=2 quatro=4 sete=7 oito=8 nove=9 " +
		"deux=2 trois=3 quatre=4 cinq=5 sept=7 huit=8 neuf=9 null=0 eins=1 zwei=2 drei=3 vier=4 funf=5 sechs=6 sieben=7 acht=8 neun=9 " +
		"ноль=0 один=1 два=2 три=3 четыре=4 пять=5 шесть=6 семь=7 восемь=8 девять=9 нуль=0 чотири=4 шість=6 сім=7 вісім=8 девять=9 " +
		"零=0 一=1 二=2 三=3 四=4 五=5 六=6 七=7 八=8 九=9 幺=1"},
	{wordCurrency, 1000, "usd dollar dollars dollares dolares dolari bucks usdt доллар доллара долларов доларів dolar dolarow dola 美"},
	{wordCurrency, 1100, "eur euro euros евро євро"},
	{wordCurrency, 1270, "gbp pound pounds quid фунт фунтов"},
	{wordCurrency, 1, "rub=12 рублеи=12 руб=12 рубля=12 uah=24 грн=24 гривень=24 гривен=24 pln=250 zl=250 zloty=250 zlotych=250 ron=220 lei=220 bgn=560 лв=560 huf=3 ft=3 forint=3 " +
		"yuan=140 rmb=140 cny=140 元=140 inr=12 rupees=12 rs=12 php=17 peso=17 pesos=17 piso=17 thb=28 baht=28 vnd=1 dong=1 idr=1 rp=1 rupiah=1 " +
		"aed=272 dirham=272 dirhams=272 sar=266 riyal=266 qar=275 kwd=3250 omr=2600 bhd=2650 درهم=272 ريال=266 دولار=1000 try=30 tl=30 lira=30 brl=190 reais=190 mxn=55 cop=1 " +
		"cad=730 aud=660 nzd=600 chf=1130 sek=95 nok=94 dkk=147 czk=44 kc=44 ngn=1 naira=1 kes=8 zar=55 krw=1 jpy=7 hkd=128 sgd=740 myr=220 ils=270 kzt=2 gel=370 azn=590"},
	{wordPeriod, 1, "hour=17300 hr=17300 hrs=17300 hours=17300 h=17300 ph=17300 hourly=17300 hora=17300 horas=17300 heure=17300 stunde=17300 std=17300 uur=17300 godz=17300 час=17300 часов=17300 годину=17300 saat=17300 小=17300 " +
		"day=2200 days=2200 daily=2200 dia=2200 dias=2200 diario=2200 diarios=2200 jour=2200 jours=2200 tag=2200 taglich=2200 dag=2200 dzien=2200 dziennie=2200 день=2200 дня=2200 сутки=2200 смену=2200 天=2200 日=2200 " +
		"week=433 wk=433 weekly=433 weeks=433 pw=433 semana=433 semanal=433 semanales=433 semaine=433 woche=433 wochentlich=433 tydzien=433 tygodniowo=433 saptamana=433 неделю=433 неделя=433 тиждень=433 hafta=433 周=433 " +
		"month=100 monthly=100 months=100 mes=100 mensual=100 mensuales=100 mensais=100 mois=100 monat=100 monatlich=100 maand=100 miesiac=100 miesiecznie=100 luna=100 lunar=100 месяц=100 мес=100 місяць=100 月=100 bulan=100 thang=100 " +
		"year=8 yr=8 yearly=8 annual=8 annually=8 annum=8 ano=8 anual=8 annee=8 jahr=8 jaar=8 rok=8 rocznie=8 год=8 рік=8 yil=8 年=8"},
	{wordMessenger, 0, "whatsapp whatsap watsapp whatapp watsap wsp telegram telegramm telega телеграм телеграмм телега телегу тг viber ваибер ватсап вотсап вацап wechat weixin 微 kakao kakaotalk kakaotalks zalo kik skype imo hangouts hangout snapchat wickr threema wsapp whats teams"},
	{wordAt, 0, "at arroba собака"},
	{wordDot, 0, "dot punto ponto point punkt kropka точка крапка"},
	{wordMail, 0, "gmail yahoo hotmail outlook protonmail proton yandex mail icloud aol gmx ymail rediffmail rocketmail live ukr"},
	{wordTop, 0, "com net org info biz ru ua pl ro de fr es pt nl uk io co me us eu cn in hu bg tr br mx ph vn th id xyz online site top club shop life link cc tk"},
	{wordLink, 0, "http https www"},
	{wordAge, 0, "age aged ages edad idade alter возраст возрастом вік віком wiek wieku varsta yas umur tuoi edades"},
	{wordOld, 0, "yo 岁 歲 ปี"},
	{wordYears, 8, "years year yrs yr anos лет років lat jahre jahren ans ani"},
	{wordCall, 0, "call text phone tel telephone mobile cell cellphone contact sms ring dial telefono llama llamar llame telefone ligue appelez telefon anrufen тел телефон звоните звони звонить номер номеру телефону дзвоніть zadzwon dzwon suna 电 话 机"},
}
