import { Anchor } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReplyOf } from '../../../kernel/endpoint.ts';
import { useActor } from '../../../ui/actor.tsx';
import { addressOf, call, requestContext } from '../../../ui/api.ts';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { AsideLayout, Empty, Page, PageSkeleton, Panel, ProblemAlert } from '../../../ui/parts.tsx';
import { Tag } from '../../../ui/tag.tsx';
import { useWords } from '../../../ui/words.tsx';
import { extractionFormat, extractList, listExtractions } from '../contract.ts';
import { ExchangeTabs } from './exchange-tabs.tsx';
import classes from './extractions-page.module.css';

type Extractions = ReplyOf<typeof listExtractions>;

/** Where each list is on screen: there, its filters choose what is extracted. */
const pages: Partial<Record<string, string>> = {
  'portfolio.dwellings': '/biens',
  'portfolio.owners': '/proprietaires',
  'portfolio.contracts': '/contrats',
  'tenancies.tenancies': '/baux',
  'applicants.applications': '/candidats',
  'applicants.register': '/registre',
  'allocation.vacancies': '/liberations',
  'allocation.proposals': '/propositions',
  'allocation.sessions': '/commissions',
  'exchange.imports': '/echanges',
  'flow.agreements': '/conventions',
  'platform.journal': '/journal',
  'platform.jobs': '/travaux',
  'platform.messages': '/travaux/courriels',
};

/** Extractions: every list the reader may see, as a file; and what left of late. */
export default function ExtractionsPage() {
  const { t } = useWords();
  const { organisationId, may } = useActor();
  const client = useQueryClient();
  const queryKey = ['extractions', organisationId];
  const query = useQuery({ queryKey, queryFn: () => call(listExtractions) });
  // A file is written down once it has left: the list of the latest is read again a moment later.
  const refresh = () => void setTimeout(() => client.invalidateQueries({ queryKey }), 2_500);
  if (query.isPending) return <PageSkeleton />;
  const { lists, latest } = query.data ?? { lists: [], latest: [] };
  return (
    <Page
      title={query.data ? t('extractions.title', { count: lists.length }) : t('extractions.tab')}
      context={t('extractions.context')}
      actions={may('exchange.import') && <ExchangeTabs />}
    >
      <Crumbs title={t('nav.exchange')} />
      <ProblemAlert problem={query.error} onRetry={() => query.refetch()} />
      {query.data && (
        <AsideLayout aside={<Latest latest={latest} />}>
          <Panel title={t('extractions.lists')} aside={t('extractions.whole')} flush>
            <ul className={classes.lists}>
              {lists.map((list) => (
                <li key={list.name}>
                  <ListName list={list} />
                  <span className={classes.columns}>{list.columns.join(', ')}</span>
                  <span className={classes.formats}>
                    {extractionFormat.options.map((format) => (
                      <Anchor
                        key={format}
                        size="sm"
                        className={classes.format}
                        href={addressOf(
                          extractList,
                          { list: list.name },
                          { format, organisation: requestContext.organisationId },
                        )}
                        download
                        onClick={refresh}
                        aria-label={t(`extractions.extract-${format}`, { list: list.label })}
                      >
                        {t(`extractions.${format}`)}
                      </Anchor>
                    ))}
                  </span>
                </li>
              ))}
            </ul>
          </Panel>
          <p className={classes.hint}>{t('extractions.filters-hint')}</p>
        </AsideLayout>
      )}
    </Page>
  );
}

function ListName({ list }: { list: Extractions['lists'][number] }) {
  const page = pages[list.name];
  if (!page) return <span className={classes.name}>{list.label}</span>;
  return (
    <Link to={page} className={classes.name}>
      {list.label}
    </Link>
  );
}

/** What the reader extracted of late, to find a file again or to know that one was cut short. */
function Latest({ latest }: { latest: Extractions['latest'] }) {
  const { t, moment } = useWords();
  return (
    <Panel title={t('extractions.latest')}>
      {latest.length === 0 ? (
        <Empty title={t('extractions.latest-empty')}>{t('extractions.latest-hint')}</Empty>
      ) : (
        <ul className={classes.latest}>
          {latest.map((extraction) => (
            <li key={extraction.id}>
              <span className={classes.line}>
                <span className={classes.name}>{extraction.label}</span>
                <span className="nowrap">{t(`extractions.${extraction.format}`)}</span>
              </span>
              <span className={classes.line}>
                <span className="dim">{moment(extraction.at)}</span>
                {extraction.complete ? (
                  <span className="dim">{t('extractions.rows', { count: extraction.rows })}</span>
                ) : (
                  <Tag tone="amber">{t('extractions.cut-short', { count: extraction.rows })}</Tag>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
