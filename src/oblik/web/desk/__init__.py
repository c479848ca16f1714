"""Pages for staff, one file per screen: the campaign's figures, cameras, the map, documents. In comes a request of
somebody signed in, out goes a page that shows only what that person's role and owner allow."""
