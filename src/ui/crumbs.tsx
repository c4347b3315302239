import { Fragment, type ReactNode, useEffect, useState } from 'react';
import { createPortal } from 'react-dom';

/** The path to a page, shown in the header; also the title of the tab. */
export function Crumbs({ path, title }: { path?: { label: string; link: ReactNode }[]; title: string }) {
  const [place, setPlace] = useState<HTMLElement | null>(null);
  useEffect(() => {
    setPlace(document.getElementById('crumbs'));
    document.title = `${title} · Palier`;
  }, [title]);
  if (!place) return null;
  return createPortal(
    <>
      {path?.map(({ label, link }) => (
        <Fragment key={label}>{link} / </Fragment>
      ))}
      <b>{title}</b>
    </>,
    place,
  );
}
