import { useQuery } from '@tanstack/react-query';
import { isLocalDate, type LocalDate } from '../../../../kernel/local-date.ts';
import type { Step } from '../../../../kernel/steps.ts';
import { call } from '../../../../ui/api.ts';
import { Tag } from '../../../../ui/tag.tsx';
import { Why } from '../../../../ui/why.tsx';
import { useWords, type Words } from '../../../../ui/words.tsx';
import { listCommitments } from '../contract.ts';
import { type CapFinding, type CapPlace, type Commitment, capsOf } from '../rules/caps.ts';
import classes from './caps-panel.module.css';

/** A share as it is being typed: what is not there yet is empty. */
export type TypedShare = {
  id: string;
  holder: string;
  contingent: Commitment['contingent'];
  basis: Commitment['basis'];
  perimeterCode: string | null;
  agreedOtherwise: boolean;
  share: string;
  from: string;
  until: string;
};

/**
 * What is promised in the département and its communes, with the share being typed, and which caps that passes: the rule
 * of the server, computed here at each key.
 */
export function CapsPanel({ typed }: { typed: TypedShare }) {
  const words = useWords();
  const { t, rate } = words;
  const query = useQuery({ queryKey: ['commitments'], queryFn: () => call(listCommitments) });
  const complete = typed.perimeterCode && /^(0\.\d+|1)$/.test(typed.share) && isLocalDate(typed.from);
  if (!query.data || !complete) return <p className="dim">{t('agreements.caps-wait')}</p>;
  const { derogations, municipalities, territories } = query.data;
  const departments = territories.find(({ code }) => code === typed.perimeterCode)?.departments ?? [
    typed.perimeterCode!.slice(0, 2),
  ];
  const others = query.data.commitments.map((other) => withoutDaysFrom(other as Commitment, typed));
  const computed = departments.map((department) =>
    capsOf({
      department,
      from: typed.from as LocalDate,
      until: isLocalDate(typed.until) ? typed.until : null,
      commitments: [
        ...others,
        {
          ...typed,
          perimeterCode: typed.perimeterCode!,
          territory: municipalities.find(({ code }) => code === typed.perimeterCode)?.territory ?? null,
          departments,
          shares: [
            {
              from: typed.from as LocalDate,
              until: isLocalDate(typed.until) ? typed.until : null,
              share: typed.share,
            },
          ],
        },
      ],
      derogations: derogations.filter((one) => one.department === department) as never,
      municipalities,
    }),
  );
  const places = computed.flatMap(({ result }) => result.places);
  const findings = computed.flatMap(({ result }) => result.findings);
  const nameOf = (code: string) => [...municipalities, ...territories].find((one) => one.code === code)?.name ?? code;
  return (
    <section aria-label={t('agreements.caps')} aria-live="polite">
      <div className={classes.head}>
        <strong>{t('agreements.caps')}</strong>
        <Why steps={computed.flatMap(({ steps }) => steps) as Step[]} />
      </div>
      {shown(places, typed.perimeterCode!, findings).map((place) => (
        <ShareBar key={place.code} place={place} name={nameOf(place.code)} current={typed.id} />
      ))}
      {findings.length === 0 ? (
        <p className="dim">{t('agreements.caps-fine')}</p>
      ) : (
        <ul className={classes.findings}>
          {findings.map((finding) => (
            <li key={finding.kind + finding.place + finding.from}>
              <Tag tone={finding.refuses ? 'red' : 'amber'}>
                {t(finding.refuses ? 'agreements.caps-refuses' : 'agreements.caps-warns')}
              </Tag>{' '}
              {t(`agreements.caps-finding.${finding.kind}`, {
                place: nameOf(finding.place),
                value: rate(finding.value),
                cap: rate(finding.cap),
                days: daysOf(words, finding),
              })}{' '}
              <span className="dim">
                {finding.source.title}
                {finding.source.article && `, ${finding.source.article}`}
                {finding.source.confidence === 'unverified' && (
                  <>
                    {' '}
                    <Tag tone="amber">{t('ui.unverified')}</Tag>
                  </>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** The département, the commune or territory typed, and where something is passed: never the forty communes of a département. */
function shown(places: readonly CapPlace[], typed: string, findings: readonly CapFinding[]): CapPlace[] {
  const passed = new Set(findings.map(({ place }) => place));
  const fullest = [...places].sort((a, b) => Number(b.total) - Number(a.total))[0];
  return places
    .filter(({ code }) => code.length === 2 || code === typed || passed.has(code) || code === fullest?.code)
    .slice(0, 4);
}

/** « du 01/01/2027 au 31/12/2029 », « à partir du 01/01/2027 » */
const daysOf = ({ t, day }: Words, { from, until }: { from: string; until: string | null }): string =>
  until ? t('agreements.days', { from: day(from), until: day(until) }) : t('agreements.days-open', { from: day(from) });

/** The same agreement before an amendment keeps only its days before. */
function withoutDaysFrom(other: Commitment, { id, from }: TypedShare): Commitment {
  if (other.id !== id) return other;
  return { ...other, shares: other.shares.filter((one) => one.until !== null && one.until < from) };
}

/** What is promised of a place on its fullest days, by party, and what is left. */
function ShareBar({ place, name, current }: { place: CapPlace; name: string; current: string }) {
  const words = useWords();
  const { t, rate, word } = words;
  const over = Number(place.total) > 1;
  const whole = over ? Number(place.total) : 1;
  return (
    <div className={classes.place}>
      <div className={classes.head}>
        <span>
          {t('agreements.caps-of', { place: name, total: rate(place.total), left: rate(place.left) })}{' '}
          {over && <Tag tone="red">{t('agreements.caps-refuses')}</Tag>}
        </span>
        <span className="dim">{t('agreements.caps-worst', { days: daysOf(words, place) })}</span>
      </div>
      <div className={classes.bar} aria-hidden>
        {place.parts.map((part) => (
          <span
            key={part.id}
            className={`${classes[part.contingent]} ${part.id === current ? classes.this : ''}`}
            style={{ width: `${(Number(part.share) / whole) * 100}%` }}
            title={`${part.holder} ${rate(part.share)}`}
          />
        ))}
      </div>
      <ul className={classes.legend}>
        {place.parts.map((part) => (
          <li key={part.id}>
            <i className={classes[part.contingent]} aria-hidden />
            {part.id === current ? <strong>{t('agreements.caps-this')}</strong> : part.holder}{' '}
            <span className="dim">{word('contingent', part.contingent)}</span> {rate(part.share)}
          </li>
        ))}
        <li>
          <i className={classes.free} aria-hidden />
          {t('agreements.caps-left')} {rate(place.left)}
        </li>
      </ul>
    </div>
  );
}
