/*
 * Pages of 2010 load this file for the global JSON, which browsers of then did not have and every browser of today has.
 * There is nothing to add.
 */
