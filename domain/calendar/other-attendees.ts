import type { Occurrence } from "./event.ts";

/** Mail domains that anyone has an address at: there a domain in common says nothing. */
const publicDomains = new Set(
  (
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com icloud.com me.com mac.com " +
    "aol.com gmx.net gmx.de gmx.com gmx.at gmx.ch web.de t-online.de freenet.de mail.com mail.ru yandex.ru yandex.com " +
    "proton.me protonmail.com pm.me fastmail.com fastmail.fm hey.com zoho.com tutanota.com posteo.de mailbox.org " +
    "orange.fr free.fr laposte.net wanadoo.fr libero.it virgilio.it comcast.net verizon.net att.net btinternet.com " +
    "qq.com 163.com 126.com sina.com naver.com daum.net hanmail.net hotmail.co.uk hotmail.fr hotmail.de outlook.de " +
    "outlook.fr yahoo.co.uk yahoo.co.jp yahoo.fr yahoo.de live.co.uk live.de bluewin.ch uol.com.br bol.com.br"
  ).split(" "),
);

const domainOf = (email: string) => email.slice(email.lastIndexOf("@") + 1);
// Google lists rooms and calendars among people, by addresses of their own.
const isPerson = (email: string) => !email.endsWith("calendar.google.com");

export interface OtherAttendees {
  /** Whether anyone else at all takes part. */
  any: boolean;
  /** The domain of somebody of another house, the first by the alphabet; null where nobody is. */
  foreignDomain: string | null;
}

/** Who takes part beside the person whose addresses these are. */
export function otherAttendees(event: Occurrence, addresses: readonly string[]): OtherAttendees {
  const named = event.attendees.map(({ email }) => email);
  if (event.organizer !== null) named.push(event.organizer);
  const others = named.filter((email) => isPerson(email) && !addresses.includes(email));
  const own = new Set(addresses.map(domainOf));
  const foreign = others.map(domainOf).filter((domain) => publicDomains.has(domain) || !own.has(domain));
  return { any: others.length > 0, foreignDomain: foreign.sort()[0] ?? null };
}
