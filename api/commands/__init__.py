"""The commands of ``khoangsan``, one module for each group."""
