"""The first settlement of a whole province: which licences, what each lacks, the cases, the run, the workbook."""
