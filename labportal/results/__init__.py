"""What a class has achieved: points, pictures, exports, and an interface for other programs."""
