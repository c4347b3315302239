import { formatNationalNumber } from '../../../kernel/check-digits.ts';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { Guarded } from '../../../ui/guarded.tsx';
import { Empty, Panel } from '../../../ui/parts.tsx';
import { type PlainColumn, PlainTable } from '../../../ui/plain-table.tsx';
import { Tag } from '../../../ui/tag.tsx';
import { useWords } from '../../../ui/words.tsx';
import { readNationalNumber } from '../contract.ts';
import { ageOn } from '../rules/classify-household.ts';
import classes from './application-page.module.css';
import type { Application } from './household-values.ts';

type Member = Application['household']['members'][number];

/** The people of the household. In Brussels their national numbers are there, to be read for a purpose. */
export function MembersPanel({ application }: { application: Application }) {
  const { t, word, day } = useWords();
  const { jurisdiction, today } = useActor();
  const { household, can } = application;
  const caption = t('applicants.members', { count: application.persons });

  const columns: PlainColumn<Member>[] = [
    {
      title: t('applicants.member-name'),
      render: (member) => (
        <div className={classes.name}>
          <span className="strong">
            {member.familyName} {member.givenName}
          </span>{' '}
          {member.disabled && <Tag>{t('applicants.disabled')}</Tag>}
          <br />
          <span className="dim">{word('relation', member.relation)}</span>
        </div>
      ),
    },
    { title: t('applicants.birth-date'), render: (member) => day(member.birthDate) },
    {
      title: t('applicants.age'),
      align: 'right',
      render: (member) => (member.birthDate ? t('units.years', { count: ageOn(member.birthDate, today) }) : '–'),
    },
    { title: t('applicants.sex'), render: (member) => (member.sex ? word('sex', member.sex) : '–') },
  ];
  if (jurisdiction === 'be-bru') {
    columns.push({
      title: t('applicants.national-number'),
      render: (member) => {
        if (!member.hasNationalNumber) return <span className="dim">–</span>;
        if (!can.readNationalNumber) return t('applicants.number-on-file');
        return (
          <Guarded
            masked="••.••.••-•••.••"
            label={t('applicants.read-number')}
            title={t('applicants.read-number-of', { name: `${member.familyName} ${member.givenName}` })}
            read={async (purpose, key) =>
              (await call(readNationalNumber, { params: { id: member.id }, key, body: { purpose } })).nationalNumber
            }
            format={formatNationalNumber}
          />
        );
      },
    });
  }

  return (
    <Panel title={caption} aside={household.couple && t('applicants.is-couple')} flush>
      {household.members.length === 0 ? (
        <Empty title={t('applicants.counted', { adults: household.adults, children: household.children })}>
          {can.manage && t('applicants.counted-hint')}
        </Empty>
      ) : (
        <PlainTable caption={caption} rows={household.members} rowKey={(member) => member.id} columns={columns} />
      )}
    </Panel>
  );
}
