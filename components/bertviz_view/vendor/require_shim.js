// Stands in for require.js: bertviz asks for these two libraries and nothing else, and both are already here.
const libraries = { jquery: jQuery, d3 };
const require = { config() {} };
const requirejs = (names, use) => use(...names.map((name) => libraries[name]));
