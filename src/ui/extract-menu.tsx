import { Button, Menu } from '@mantine/core';
import { addressOf, requestContext } from './api.ts';
import { useWords } from './words.tsx';

const formats = ['csv', 'xlsx', 'json'] as const;

/** A list as a file, with the filters and the order one sees. */
export function ExtractMenu({
  list,
  filters,
  opened,
  onChange,
}: {
  list: string;
  filters?: Record<string, unknown>;
  opened?: boolean;
  onChange?(opened: boolean): void;
}) {
  const { t } = useWords();
  const endpoint = { id: '', method: 'GET', path: `/extractions/${list}`, summary: '', permission: '' } as never;
  const address = (format: string) =>
    addressOf(endpoint, {}, { ...filters, format, organisation: requestContext.organisationId });
  return (
    <Menu
      {...(opened === undefined ? {} : { opened })}
      {...(onChange ? { onChange } : {})}
      position="bottom-end"
      withinPortal
    >
      <Menu.Target>
        <Button variant="default" size="xs">
          {t('ui.extract')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {formats.map((format) => (
          <Menu.Item key={format} component="a" href={address(format)} download>
            {t(`ui.extract-${format}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
