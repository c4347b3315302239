import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Empty, Panel } from '../../../../ui/parts.tsx';
import { Tag, type Tone } from '../../../../ui/tag.tsx';
import { useWords } from '../../../../ui/words.tsx';
import type { Drift } from './action-form.tsx';
import { signed } from './agreement-standing.tsx';
import classes from './cockpit-alerts.module.css';
import type { Cockpit } from './cockpit-page.tsx';

const tones: Record<string, Tone> = {
  'off-band': 'red',
  'guarantee-short': 'red',
  returned: 'amber',
  expired: 'amber',
  'nomination-soon': 'blue',
};

/** So many of each kind are shown at once. */
const shown = 6;

/** What needs a look: agreements off the band, nominations about to run out, proposals that came back or expired. */
export function CockpitAlerts({
  alerts,
  onAct,
}: {
  alerts: Cockpit['alerts'];
  onAct: ((drift: Drift) => void) | undefined;
}) {
  const { t, word, shortDay, fixed } = useWords();
  const kinds = ['off-band', 'guarantee-short', 'nomination-soon', 'expired', 'returned'] as const;
  if (alerts.length === 0) {
    return (
      <Panel title={t('cockpit.alerts')}>
        <Empty title={t('cockpit.no-alert')}>{t('cockpit.no-alert-hint')}</Empty>
      </Panel>
    );
  }
  return (
    <Panel title={t('cockpit.alerts')} aside={String(alerts.length)}>
      <div className={classes.kinds}>
        {kinds.map((kind) => {
          const own = alerts.filter((alert) => alert.kind === kind);
          return (
            own.length > 0 && (
              <section key={kind} className={classes.kind}>
                <h3>
                  <Tag tone={tones[kind]}>{t(`cockpit.alert-${kind}`, { count: own.length })}</Tag>
                </h3>
                <ul>
                  {own.slice(0, shown).map((alert) => (
                    <li key={`${alert.agreementId}${alert.vacancyId}${alert.on}`}>
                      <div>
                        {alert.vacancyId ? (
                          <Link to="/liberations/$id" params={{ id: alert.vacancyId }} className="strong">
                            {alert.what}
                          </Link>
                        ) : (
                          <Link to="/conventions/$id" params={{ id: alert.agreementId }} className="strong">
                            {alert.holder}, {placeName(alert.what, t)}
                          </Link>
                        )}
                        <span className="dim">
                          {alert.vacancyId ? alert.holder : word('contingent', alert.contingent)}
                        </span>
                      </div>
                      <div className={classes.figure}>
                        {alert.figures ? <b>{signed(fixed, Number(alert.figures.gap))}</b> : shortDay(alert.on)}
                        {alert.figures && onAct && (
                          <Anchor
                            component="button"
                            type="button"
                            size="xs"
                            onClick={() =>
                              onAct({
                                agreementId: alert.agreementId,
                                drift: {
                                  contingent: alert.contingent,
                                  holder: alert.holder,
                                  place: placeName(alert.what, t),
                                  on: alert.on,
                                  ...alert.figures!,
                                },
                              })
                            }
                          >
                            {t('actions.act')}
                          </Anchor>
                        )}
                      </div>
                    </li>
                  ))}
                </ul>
                {own.length > shown && <p className="dim">{t('cockpit.more', { count: own.length - shown })}</p>}
              </section>
            )
          );
        })}
      </div>
    </Panel>
  );
}

/** A perimeter is a municipality by its name, or a département by its number. */
export const placeName = (perimeter: string, t: (key: string, values: Record<string, string>) => string): string =>
  /^\d{2}$/.test(perimeter) ? t('cockpit.department', { code: perimeter }) : perimeter;
