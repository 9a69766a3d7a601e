// A new class is held where its instructor is, as far as the browser knows; the field says so and can be changed.
(() => {
  "use strict";
  const field = document.querySelector("select[data-own-zone]");
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (field && [...field.options].some((option) => option.value === own)) field.value = own;
})();
