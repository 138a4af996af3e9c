"""Slow proofs: each is a program for its full size and a test for a small one."""
