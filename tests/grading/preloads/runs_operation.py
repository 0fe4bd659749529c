"""Runs an operation of TensorFlow's when it is imported."""

import tensorflow as tf

ONE = tf.constant(1.0)
