/*
 * Pages of 2010 load this file for the global JSON, which no browser of then had and every browser of today has. There is
 * nothing to add.
 */
