import { Tabs } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import classes from './record.module.css';

/** The skeleton of every record: identity and state on top, what can be done now, tabs. The tab is in the address. */
export function Record({
  title,
  context,
  state,
  actions,
  tabs,
}: {
  title: ReactNode;
  context: ReactNode;
  state?: ReactNode;
  actions?: ReactNode;
  tabs: { value: string; label: string; count?: number | undefined; content: ReactNode }[];
}) {
  const { tab } = useSearch({ strict: false }) as { tab?: string };
  const navigate = useNavigate();
  const current = tabs.some(({ value }) => value === tab) ? tab! : tabs[0]!.value;
  return (
    <div className={classes.record}>
      <div className={classes.top}>
        <div className={classes.heading}>
          <div className={classes.titles}>
            <h1>
              {title} {state}
            </h1>
            <div className={classes.context}>{context}</div>
          </div>
          {actions && <div className={classes.actions}>{actions}</div>}
        </div>
        <Tabs
          value={current}
          onChange={(value) =>
            navigate({ to: '.', search: (value === tabs[0]!.value ? {} : { tab: value }) as never, replace: true })
          }
          classNames={{ list: classes.tabs, tab: classes.tab }}
          keepMounted={false}
        >
          <Tabs.List>
            {tabs.map(({ value, label, count }) => (
              <Tabs.Tab key={value} value={value}>
                {label}
                {count ? <span className={classes.count}>{count}</span> : null}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </Tabs>
      </div>
      <div className={classes.content}>{tabs.find(({ value }) => value === current)?.content}</div>
    </div>
  );
}
