"""Korean text: normalisation, masking, morphemes, classes. The door is :mod:`nlp.annotate`."""
