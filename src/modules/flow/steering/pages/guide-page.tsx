import { Anchor, Button, Checkbox } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useActor } from '../../../../ui/actor.tsx';
import { Crumbs } from '../../../../ui/crumbs.tsx';
import { Page, Panel } from '../../../../ui/parts.tsx';
import { useWords } from '../../../../ui/words.tsx';
import classes from './guide-page.module.css';

type Step = { name: string; to: string; label: string; permission: string };

const step = (name: string, to: string, label: string, permission: string): Step => ({ name, to, label, permission });

/** The path of each role: a step is a screen, and what to check there. */
const paths: Record<'landlord' | 'holder' | 'state' | 'territory', readonly Step[]> = {
  landlord: [
    step('base', '/assiette', 'nav.base', 'flow.read-base'),
    step('inventory', '/etat-des-lieux', 'nav.rights', 'flow.read'),
    step('conversion', '/conversion', 'rights.conversion', 'flow.convert'),
    step('agreements', '/conventions', 'nav.agreements', 'flow.read'),
    step('counting', '/comptage', 'nav.counting', 'flow.read'),
    step('orientation', '/orientation', 'nav.orientation', 'allocation.orient'),
    step('steering', '/flux', 'nav.steering', 'flow.steer'),
    step('reports', '/bilans', 'nav.reports', 'flow.read-reports'),
  ],
  holder: [
    step('agreements', '/conventions', 'nav.agreements', 'flow.read'),
    step('inventory', '/etat-des-lieux', 'nav.rights', 'flow.read'),
    step('counting', '/comptage', 'nav.counting', 'flow.read'),
    step('proposals', '/propositions', 'nav.proposals', 'proposals.read'),
    step('standing', '/ou-en-suis-je', 'nav.standing', 'proposals.read'),
    step('forecasts', '/assiette/previsionnel', 'nav.forecasts', 'flow.read-forecasts'),
    step('reports', '/bilans', 'nav.reports', 'flow.read-reports'),
  ],
  state: [
    step('agreements', '/conventions', 'nav.agreements', 'flow.read'),
    step('view', '/territoire', 'nav.flow-territory', 'flow.oversee'),
    step('points', '/territoire/points', 'watched.title', 'flow.oversee'),
    step('forecasts', '/assiette/previsionnel', 'nav.forecasts', 'flow.read-forecasts'),
    step('proposals', '/propositions', 'nav.proposals', 'proposals.read'),
    step('reconciliation', '/rapprochement', 'nav.reconciliation', 'flow.read'),
    step('reports', '/bilans', 'nav.reports', 'flow.read-reports'),
  ],
  territory: [
    step('view', '/territoire', 'nav.flow-territory', 'flow.oversee'),
    step('points', '/territoire/points', 'watched.title', 'flow.oversee'),
    step('forecasts', '/assiette/previsionnel', 'nav.forecasts', 'flow.read-forecasts'),
    step('reports', '/bilans', 'nav.reports', 'flow.read-reports'),
    step('meetings', '/reunions', 'nav.meetings', 'flow.read'),
  ],
};

/** « Prendre en main la gestion en flux »: the screens of one's role in the order of the work, with what to check on each. */
export default function GuidePage() {
  const { t } = useWords();
  const { organisationKind, userId, may } = useActor();
  const role = organisationKind in paths ? (organisationKind as keyof typeof paths) : 'holder';
  const steps = paths[role].filter(({ permission }) => may(permission));
  const [done, setDone] = useLocalStorage<string[]>({ key: `palier.guide.${userId}.${role}`, defaultValue: [] });
  const count = steps.filter(({ name }) => done.includes(name)).length;
  return (
    <Page
      title={t('guide.title')}
      context={t('guide.context')}
      actions={
        count > 0 && (
          <Button variant="default" onClick={() => setDone([])}>
            {t('guide.again')}
          </Button>
        )
      }
    >
      <Crumbs title={t('nav.guide')} />
      <Panel
        title={t(`guide.${role}`)}
        aside={<span aria-live="polite">{t('guide.done', { done: count, total: steps.length })}</span>}
      >
        <ol className={classes.steps} aria-label={t('guide.steps')}>
          {steps.map(({ name, to, label }) => {
            const title = t(`guide.${role}.${name}.title`);
            const isDone = done.includes(name);
            return (
              <li key={name} className={isDone ? classes.done : undefined}>
                <div>
                  <h3>{title}</h3>
                  <p>
                    <span className="dim">{t('guide.check')}</span> – {t(`guide.${role}.${name}.check`)}
                  </p>
                  <Anchor component={Link} to={to} size="sm">
                    {t(label)}
                  </Anchor>
                </div>
                <Checkbox
                  label={t('guide.mark')}
                  aria-label={`${t('guide.mark')}: ${title}`}
                  checked={isDone}
                  onChange={() => setDone(isDone ? done.filter((one) => one !== name) : [...done, name])}
                />
              </li>
            );
          })}
        </ol>
      </Panel>
    </Page>
  );
}
