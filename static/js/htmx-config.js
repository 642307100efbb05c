// htmx's configuration, in this file alone.
Object.assign(htmx.config, {
  allowEval: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  // Settling would copy style attributes, which the content security policy refuses.
  attributesToSettle: [],
  // No snapshot of a page stays in the browser: going back asks the server for the whole page.
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  historyRestoreAsHxRequest: false,
  // A form in error (422) and a conflict (409) come with what to show; a failure of the server does not.
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "(409|422)", swap: true, error: false },
    { code: "...", swap: false, error: true },
  ],
});
